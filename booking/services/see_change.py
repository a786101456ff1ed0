"""Write down that a family has seen how its session changed: somebody presses the button on its page."""

from __future__ import annotations

from booking.models import Booking
from booking.queries.seen_changes import awaits_a_look
from booking.rules.words import ChangeKind
from booking.services.lock_live import lock_live
from booking.services.record_change import record_change


def see_change(booking_id: int, *, actor: str = "family") -> Booking:
    """Record it; twice does no harm. Raise Conflict when the booking is cancelled."""
    booking = lock_live(booking_id)
    if awaits_a_look(booking):
        record_change(booking, ChangeKind.CHANGE_SEEN, actor=actor)
    return booking
