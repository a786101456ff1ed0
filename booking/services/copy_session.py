"""Copy a session to a new draft, on the same weekday and at the same time of day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from booking import clock
from booking.extensions import db
from booking.models import Event, Slot
from booking.rules.double_bookings import Stay, stay_of
from booking.rules.words import CoProduction
from booking.services.locks import lock_event
from booking.services.save_session import SessionDetails, SessionPlan, details_of, make_session

WEEKS_AHEAD = 4


def copy_session(
    event_id: int, *, on: date | None = None, venue_id: int | None = None, clash_reason: str = ""
) -> Event:
    """Return a draft on a day, else four weeks after the original, or after today when that was long ago.

    At another venue it has no room yet. Its link to join is not copied.
    Raise VenueTaken when another session is there then and no reason is given.
    """
    event = lock_event(event_id)
    days = ((on or day_of_copy(event)) - clock.in_london(event.starts_at).date()).days
    plan = SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=_later(event.starts_at, days),
        ends_at=_later(event.ends_at, days),
        venue_id=venue_id or event.venue_id,
        room=event.room if venue_id in (None, event.venue_id) else "",
    )
    copy = make_session(
        plan, _as_planned(event), mode=event.booking_mode, clash_reason=clash_reason, screen="staff.copy_session"
    )
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


def _as_planned(event: Event) -> SessionDetails:
    """Return the details of the copy: nothing has been fed back of it yet."""
    details = details_of(event)
    ticks = tuple(each for each in details.co_production if each != CoProduction.FED_BACK)
    return replace(details, co_production=ticks)


def day_of_copy(event: Event) -> date:
    """Return the day on which a copy takes place when nobody says otherwise."""
    start = clock.in_london(event.starts_at).date()
    weeks = max((clock.today() - start).days // 7 + 1, 0)
    return start + timedelta(weeks=weeks + WEEKS_AHEAD)


def span_of_copy(event: Event, *, on: date) -> tuple[datetime, datetime]:
    """Return when the copy of a session on a day begins and ends."""
    days = (on - clock.in_london(event.starts_at).date()).days
    return _later(event.starts_at, days), _later(event.ends_at, days)


def stay_of_copy(event: Event, *, on: date, venue_id: int | None = None) -> Stay | None:
    """Return what the copy of a session on a day takes of its venue, or all of another one."""
    (starts_at, ends_at), stay = span_of_copy(event, on=on), stay_of(event)
    if stay is not None and venue_id not in (None, stay.venue_id):
        stay = replace(stay, venue_id=venue_id, room="")
    return stay and replace(stay, starts_at=starts_at, ends_at=ends_at)


def _later(moment: datetime, days: int) -> datetime:
    """Return the same time on London's clock so many days later."""
    return (clock.in_london(moment) + timedelta(days=days)).astimezone(UTC)
