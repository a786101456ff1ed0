"""Choose what the family's calendar calls the booking, from its own page (J21)."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.services.change_title import change_title
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses


@public.post("/bookings/<token>/calendar-title")
@limit_guesses
def change_my_title(token: str) -> ResponseReturnValue:
    """Put the discreet title on the calendar entry, or the plain one."""
    booking = booking_of(token)
    chosen = request.form.get("title")
    if chosen not in ("discreet", "plain"):
        abort(422)
    with transaction():
        change_title(booking.id, is_discreet=chosen == "discreet")
    return back_to_booking(token, said=_("Saved. Your calendar gets the new title."))
