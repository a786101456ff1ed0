"""The family says that it has seen how its session changed."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.services.see_change import see_change
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses


@public.post("/bookings/<token>/seen")
@limit_guesses
def see_my_change(token: str) -> ResponseReturnValue:
    """Write it down, so that nobody needs to ring."""
    booking = booking_of(token)
    with transaction():
        see_change(booking.id)
    return back_to_booking(token, said=_("Thank you. Now we know that you have seen it."))
