"""Let places go that families have declined in their calendar, once the time to keep them is over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking
from booking.rules.words import BookingStatus, CancelledBy
from booking.services.cancel_booking import cancel_booking
from booking.services.locks import lock_booking


def due_for_release() -> Sequence[int]:
    """Return the bookings whose time to keep the place is over."""
    statement = select(Booking.id).where(Booking.release_at <= clock.now()).order_by(Booking.event_id, Booking.id)
    return db.session.scalars(statement).all()


def release_declined(booking_id: int) -> bool:
    """Cancel as the family would, and tell it; False if the place was kept meanwhile, or if it is too late.

    Once the session has begun nothing is cancelled any more: whoever came, came.
    """
    booking = lock_booking(booking_id)
    if booking.release_at is None or booking.release_at > clock.now():
        return False
    if booking.status != BookingStatus.CONFIRMED or booking.event.starts_at <= clock.now():
        booking.release_at = None
        return False
    cancel_booking(booking.id, by=CancelledBy.FAMILY)
    return True
