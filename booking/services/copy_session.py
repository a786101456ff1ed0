"""Copy a session to a new draft, on the same weekday and at the same time of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from booking import clock
from booking.extensions import db
from booking.models import Event, Slot
from booking.rules.words import MessageKind
from booking.services.locks import lock_event
from booking.services.save_session import SessionDetails, SessionPlan, make_session

WEEKS_AHEAD = 4


def copy_session(event_id: int, *, on: date | None = None) -> Event:
    """Return a draft on a day, else four weeks after the original, or after today when that was long ago.

    Its link to join is not copied.
    """
    event = lock_event(event_id)
    days = _days_between(event) if on is None else (on - clock.in_london(event.starts_at).date()).days
    plan = SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=_later(event.starts_at, days),
        ends_at=_later(event.ends_at, days),
        venue_id=event.venue_id,
        room=event.room,
    )
    details = SessionDetails(
        kind=event.kind,
        summary=event.summary,
        description=event.description,
        walk_ins_allowed=event.walk_ins_allowed,
        capacity=event.capacity,
        host=event.host,
        greeter=event.greeter,
        people=tuple(event.people),
        agenda=tuple(event.agenda),
        participation=event.participation,
        workstreams=tuple(event.workstreams),
        topics=tuple(event.topics),
        busiest=event.busiest,
        reminders_off=tuple(MessageKind(kind) for kind in event.reminders_off),
    )
    copy = make_session(plan, details, mode=event.booking_mode)
    copy.slots = [
        Slot(
            role=slot.role,
            starts_at=_later(slot.starts_at, days),
            ends_at=_later(slot.ends_at, days),
            capacity=slot.capacity,
            places_taken=0,
        )
        for slot in event.slots
    ]
    copy.capacity = event.capacity
    db.session.flush()
    return copy


def _days_between(event: Event) -> int:
    start = clock.in_london(event.starts_at).date()
    weeks = max((clock.today() - start).days // 7 + 1, 0)
    return 7 * (weeks + WEEKS_AHEAD)


def _later(moment: datetime, days: int) -> datetime:
    """Return the same time on London's clock so many days later."""
    return (clock.in_london(moment) + timedelta(days=days)).astimezone(UTC)
