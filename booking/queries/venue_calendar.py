"""A venue's own calendar: its sessions by date, and which of them are in each other's way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, literal_column, or_, select

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Event
from booking.queries.staff_sessions import state_of
from booking.rules.double_bookings import Stay, is_in_the_way, stay_of
from booking.rules.words import Delivery, EventStatus

ALLOWED = "double booking allowed"
"""The action of the audit entry that says why two sessions may be in one room."""
MOST = 300


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session; `others` are those that are in its way."""

    event: Event
    state: str
    others: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day and what happens on it."""

    day: date
    entries: tuple[CalendarEntry, ...]


def calendar_of(venue_id: int, *, past: bool = False) -> list[CalendarDay]:
    """Return the coming days with a session at a venue, or the past ones, the latest first; 300 sessions at most."""
    now = clock.now()
    statement = select(Event).where(Event.venue_id == venue_id, Event.delivery != Delivery.ONLINE)
    if past:
        statement = statement.where(Event.ends_at <= now).order_by(Event.starts_at.desc(), Event.id.desc())
    else:
        statement = statement.where(Event.ends_at > now).order_by(Event.starts_at, Event.id)
    events = db.session.scalars(statement.limit(MOST)).all()
    days = groupby(events, key=lambda event: clock.in_london(event.starts_at).date())
    return [CalendarDay(day, _entries(list(on_day))) for day, on_day in days]


def clashes_at(stay: Stay | None, *, but_for: int | None = None) -> tuple[Event, ...]:
    """Return the sessions that are in the way of a stay, drafts too, by start; `but_for` is the session itself."""
    if stay is None:
        return ()
    statement = taking_a_room().where(
        Event.venue_id == stay.venue_id, Event.starts_at < stay.ends_at, Event.ends_at > stay.starts_at
    )
    found = db.session.scalars(statement.where(Event.id != (but_for or 0)).order_by(Event.starts_at, Event.id))
    return tuple(event for event in found if (other := stay_of(event)) and is_in_the_way(stay, other))


def not_yet_allowed(event: Event, clashes: Collection[Event]) -> tuple[Event, ...]:
    """Leave out the clashes of a session for which somebody gave a reason, on its side or on the other."""
    if not clashes:
        return ()
    ids = {event.id, *(other.id for other in clashes)}
    entries = db.session.execute(
        select(AuditEntry.subject_id, AuditEntry.facts).where(
            AuditEntry.action == literal_column(f"'{ALLOWED}'"), AuditEntry.subject_id.in_(ids)
        )
    )
    pairs = {frozenset((subject, other)) for subject, facts in entries for other in facts.get("with", ())}
    return tuple(other for other in clashes if frozenset((event.id, other.id)) not in pairs)


def taking_a_room() -> Select[Event]:
    """Select the sessions that hold a room: one that is cancelled or put off lets go of it."""
    return select(Event).where(
        Event.status != EventStatus.CANCELLED,
        Event.new_date_pending.is_(False),
        or_(Event.delivery == Delivery.IN_PERSON, Event.delivery == Delivery.HYBRID),
    )


def _entries(events: Sequence[Event]) -> tuple[CalendarEntry, ...]:
    now = clock.now()
    events = sorted(events, key=lambda event: (event.starts_at, event.id))
    return tuple(CalendarEntry(event, state_of(event, now=now), _in_the_way(event, events)) for event in events)


def _in_the_way(event: Event, events: Sequence[Event]) -> tuple[Event, ...]:
    if not _holds_a_room(event):
        return ()
    mine = stay_of(event)
    return tuple(
        other
        for other in events
        if other is not event and _holds_a_room(other) and mine and (its := stay_of(other)) and is_in_the_way(mine, its)
    )


def _holds_a_room(event: Event) -> bool:
    return event.status != EventStatus.CANCELLED and not event.new_date_pending
