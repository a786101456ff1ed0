"""Wait for more places than there are, from the family's own page; take them, pass them, or wait no longer."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import refusals
from booking.models import Booking
from booking.queries.extensions import extension_of
from booking.rules.words import CancelledBy
from booking.services.cancel_booking import cancel_booking
from booking.services.move_waitlist import accept_offer, pass_offer
from booking.services.wait_for_more import wait_for_more
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses, show_booking
from booking.web.public.my_booking_forms import AdultsForm


@public.post("/bookings/<token>/more")
@limit_guesses
def wait_for_my_more(token: str) -> ResponseReturnValue:
    """Keep the places there are, and join the list for the others."""
    booking, form = booking_of(token), AdultsForm()
    if not form.validate_on_submit():
        return show_booking(booking, token, form)
    assert form.adults.data is not None
    try:
        with transaction():
            wait_for_more(booking.id, adults=form.adults.data, names=form.names)
    except Refusal as refusal:
        form.refuse("adults", refusal.sentence)
        return show_booking(booking_of(token), token, form, status=refusal.status)
    return back_to_booking(token, said=_("Saved."))


@public.post("/bookings/<token>/more/<answer>")
@limit_guesses
def answer_for_my_more(token: str, answer: str) -> ResponseReturnValue:
    """Say yes or no to more places that are kept, or leave the list."""
    extension = extension_of(booking_of(token))
    if answer not in ("accept", "pass", "leave"):
        abort(404)
    if extension is None:
        return back_to_booking(token) if answer != "pass" else _gone()
    with transaction():
        said = _answer(extension, answer)
    return back_to_booking(token, said=said)


def _answer(extension: Booking, answer: str) -> str:
    if answer == "accept":
        accept_offer(extension.id)
        return _("Saved. The places are yours.")
    if answer == "pass":
        pass_offer(extension.id)
        return _("Thanks for telling us. You keep your place on the list.")
    cancel_booking(extension.id, by=CancelledBy.FAMILY, tell=False)
    return _("Saved. You do not wait for more places any more.")


def _gone() -> ResponseReturnValue:
    raise refusals.more_gone()
