"""Who booked for the family, on the family's own page: it can take the name away (J12)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.services.remove_helper import remove_helper
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses


@public.post("/bookings/<token>/helper/remove")
@limit_guesses
def remove_my_helper(token: str) -> ResponseReturnValue:
    """Take the helper's name off the booking."""
    booking = booking_of(token)
    with transaction():
        remove_helper(booking.id)
    return back_to_booking(token, said=_("The name is gone."))
