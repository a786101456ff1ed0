"""What is remembered, from the family's own page: forget it in one press, or begin the next booking from it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.queries.bookings import find_session
from booking.services.remember_needs import forget_needs
from booking.web.public import prefill
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses


@public.post("/bookings/<token>/forget")
@limit_guesses
def forget_my_needs(token: str) -> ResponseReturnValue:
    """Forget what would make it easier to come, for the next bookings; this one keeps what it asked for."""
    booking = booking_of(token)
    with transaction():
        forget_needs(booking.id)
    return back_to_booking(token, said=_("Forgotten. This booking keeps what you asked for."))


@public.post("/bookings/<token>/again")
@limit_guesses
def book_again(token: str) -> ResponseReturnValue:
    """Let this browser begin its next booking from this one."""
    prefill.begin_from(booking_of(token))
    return redirect(url_for("public.sessions"), 303)


@public.post("/start-afresh")
def start_afresh() -> ResponseReturnValue:
    """Let this browser's next booking begin from nothing; what was said in the last one stays with that."""
    prefill.start_afresh()
    flash(_("Your next booking begins afresh."))
    slug = request.form.get("session", "")
    known = find_session(slug) is not None
    return redirect(url_for("public.start_booking", slug=slug) if known else url_for("public.sessions"), 303)


@public.context_processor
def _for_templates() -> dict[str, Callable[[], bool]]:
    return {"begins_from_last": lambda: prefill.last_booking() is not None}
