"""Put a session off until its new date is known; a later move gives the date."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import Event
from booking.rules.words import EventStatus
from booking.services.locks import lock_event
from booking.services.move_session import live_bookings
from booking.services.notify import as_it_is, tell_postponed
from booking.services.record_audit import record_audit
from booking.services.require_seen import require_seen


def postpone_session(event_id: int, *, seen: str | None = None) -> Event:
    """Mark it as put off and tell everybody in a plain mail; twice does no harm. Raise EditedMeanwhile or Conflict."""
    event = lock_event(event_id)
    if event.new_date_pending:
        return event
    require_seen(event, seen)
    if event.status != EventStatus.PUBLISHED or event.starts_at <= clock.now():
        raise Conflict("Only a session that is published and has not begun can be put off.")
    was = as_it_is(event)
    event.new_date_pending = True
    event.postponed_at = event.changed_at = clock.now()
    event.feed_sequence += 1
    db.session.flush()
    bookings = live_bookings(event)
    for booking in bookings:
        tell_postponed(booking, was)
    record_audit(
        "session put off",
        screen="staff.postpone_session",
        subject_type="event",
        subject_id=event.id,
        facts={"bookings": len(bookings)},
    )
    return event
