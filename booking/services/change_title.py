"""Let a family say whether its calendar entry names the session, or says no more than that it has a booking."""

from __future__ import annotations

from booking.models import Booking
from booking.rules.words import ChangeKind
from booking.services.lock_live import lock_live
from booking.services.notify import tell_title
from booking.services.record_change import record_change


def change_title(booking_id: int, *, is_discreet: bool, actor: str = "family") -> Booking:
    """Choose the discreet title or the plain one; the entry in the calendar follows. The same twice does nothing."""
    booking = lock_live(booking_id)
    if booking.is_discreet == is_discreet:
        return booking
    booking.is_discreet = is_discreet
    record_change(booking, ChangeKind.TITLE_CHANGED, actor=actor, is_discreet=is_discreet)
    tell_title(booking)
    return booking
