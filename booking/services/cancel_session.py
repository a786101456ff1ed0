"""Cancel a session: every booking is cancelled by us, and everybody who booked or waits is told."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import Event
from booking.rules.words import CancelledBy, EventCancelReason, EventStatus
from booking.services.cancel_booking import cancel_booking
from booking.services.locks import lock_event
from booking.services.move_session import live_bookings
from booking.services.record_audit import actor, record_audit
from booking.services.require_seen import require_seen


def cancel_session(event_id: int, reason: EventCancelReason, *, seen: str | None = None) -> Event:
    """Cancel; twice does no harm. Raise EditedMeanwhile, or Conflict for a draft or a session that is over."""
    event = lock_event(event_id)
    if event.status == EventStatus.CANCELLED:
        return event
    require_seen(event, seen)
    if event.status == EventStatus.DRAFT:
        raise Conflict("This session is a draft: nobody has been told about it, so there is nothing to cancel.")
    if event.ends_at <= clock.now() and not event.new_date_pending:
        raise Conflict("This session is over, so it cannot be cancelled.")
    event.status = EventStatus.CANCELLED
    event.cancel_reason = reason
    event.cancelled_at = event.changed_at = clock.now()
    event.feed_sequence += 1
    db.session.flush()
    bookings = live_bookings(event)
    for booking in bookings:
        cancel_booking(booking.id, by=CancelledBy.US, actor=actor())
    record_audit(
        "session cancelled",
        screen="staff.cancel_session",
        subject_type="event",
        subject_id=event.id,
        reason=reason.value,
        facts={"bookings": len(bookings)},
    )
    return event
