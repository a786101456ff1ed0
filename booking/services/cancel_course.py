"""Cancel every date to come of a course that a family booked together (J8)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking
from booking.queries.courses import booked_together
from booking.rules.words import LIVE, CancelledBy, FamilyCancelReason
from booking.services.cancel_booking import cancel_booking
from booking.services.locks import lock_event


def cancel_course(booking_id: int, *, reason: FamilyCancelReason | None = None) -> Sequence[Booking]:
    """Cancel the dates that have not begun, each told by itself; return them. Twice does no harm."""
    booking = db.session.scalars(select(Booking).where(Booking.id == booking_id)).one()
    together = booked_together(booking)
    for event_id in sorted({each.event_id for each in together}):
        lock_event(event_id)
    now = clock.now()
    coming = [each for each in together if each.status in LIVE and each.event.starts_at > now]
    return [cancel_booking(each.id, by=CancelledBy.FAMILY, reason=reason) for each in coming]
