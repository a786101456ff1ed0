"""Keep a place that the family's calendar has declined: somebody presses the button that we sent."""

from __future__ import annotations

from booking.models import Booking
from booking.rules.words import ChangeKind
from booking.services.lock_live import lock_live
from booking.services.record_change import record_change


def keep_place(booking_id: int, *, actor: str = "family") -> Booking:
    """Take back what the calendar said; twice does no harm. Raise Conflict when the place has gone already."""
    booking = lock_live(booking_id)
    if booking.release_at is None:
        return booking
    booking.release_at = booking.reply_answer = None
    record_change(booking, ChangeKind.PLACE_KEPT, actor=actor)
    return booking
