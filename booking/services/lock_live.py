"""Lock a booking that can still be changed."""

from __future__ import annotations

from booking import clock
from booking.formats import refusals
from booking.models import Booking
from booking.rules.words import BookingStatus
from booking.services.locks import lock_booking


def lock_live(booking_id: int) -> Booking:
    """Return the booking, locked. Raise Conflict when it is cancelled, or its session has begun."""
    booking = lock_booking(booking_id)
    if booking.status == BookingStatus.CANCELLED:
        raise refusals.no_longer_booked()
    if booking.event.starts_at <= clock.now():
        raise refusals.already_begun()
    return booking
