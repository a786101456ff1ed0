"""Keep the place that the family's own calendar said it does not need."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.services.keep_place import keep_place
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses, show_booking
from booking.web.public.my_booking_forms import AdultsForm


@public.get("/bookings/<token>/keep")
@limit_guesses
def see_my_place(token: str) -> ResponseReturnValue:
    """Show the family's page, with the button on it while it is of use."""
    return show_booking(booking_of(token), token, AdultsForm())


@public.post("/bookings/<token>/keep")
@limit_guesses
def keep_my_place(token: str) -> ResponseReturnValue:
    """Keep the place."""
    booking = booking_of(token)
    with transaction():
        keep_place(booking.id)
    said = _("Saved. Your place is still yours.")
    again = _("If the session has gone from your calendar, download the calendar file on this page.")
    return back_to_booking(token, said=f"{said} {again}")
