"""Who came, row after row behind a server-side cursor, for the export file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Adult, Booking, Event, Family, Place, Slot, Venue
from booking.queries.extensions import is_a_family
from booking.rules.attendance_row import PlaceRow, PlaceSession
from booking.rules.words import (
    PARTICIPANTS,
    BookingMode,
    BookingStatus,
    EventStatus,
    Origin,
)

_AT_ONCE = 500
_SESSIONS_AT_ONCE = 300


def get_event(event_id: int) -> Event:
    """Read one session that was published. Raise NotFound."""
    event = db.session.get(Event, event_id)
    if event is None or event.status == EventStatus.DRAFT:
        raise NotFound("There is no such session, or it is not published yet.")
    return event


def attendance_places(start: datetime | None = None, end: datetime | None = None) -> Iterator[PlaceRow]:
    """Read every participant's place in sessions that are over or were cancelled; families are random keys."""
    sessions = list(_sessions(start, end).items())
    for first in range(0, len(sessions), _SESSIONS_AT_ONCE):
        yield from _places(dict(sessions[first : first + _SESSIONS_AT_ONCE]))


def count_places(start: datetime | None = None, end: datetime | None = None) -> int:
    """Count the rows of the file."""
    sessions = list(_sessions(start, end))
    counted = 0
    for first in range(0, len(sessions), _SESSIONS_AT_ONCE):
        events = sessions[first : first + _SESSIONS_AT_ONCE]
        statement = select(func.count(Place.id)).join(Booking, Place.booking_id == Booking.id)
        counted += db.session.scalar(statement.where(*_are_told(events))) or 0
    return counted


def _sessions(start: datetime | None, end: datetime | None) -> dict[int, PlaceSession]:
    """Read what is the same in all rows of a session once, in the order of the file."""
    session_id = func.coalesce(Event.import_id, Event.slug)
    slots = select(func.sum(Slot.capacity)).where(Slot.event_id == Event.id).correlate(Event).scalar_subquery()
    statement = (
        select(
            Event.id,
            session_id.label("session_id"),
            Event.title,
            Event.kind,
            Event.delivery,
            Venue.name.label("venue"),
            Venue.district.label("venue_district"),
            Event.starts_at,
            Event.ends_at,
            Event.booking_mode,
            Event.capacity,
            slots.label("slots"),
            Event.status,
        )
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(_is_over())
        .order_by(Event.starts_at, session_id)
    )
    if start is not None:
        statement = statement.where(Event.starts_at >= start)
    if end is not None:
        statement = statement.where(Event.starts_at < end)
    return {
        row.id: PlaceSession(
            session_id=row.session_id,
            title=row.title,
            kind=row.kind.value,
            delivery=row.delivery.value,
            venue=row.venue or "",
            venue_district=row.venue_district or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            capacity=_capacity(row.booking_mode, row.capacity, row.slots),
            is_cancelled=row.status == EventStatus.CANCELLED,
        )
        for row in db.session.execute(statement)
    }


def _places(sessions: dict[int, PlaceSession]) -> Iterator[PlaceRow]:
    session_id = func.coalesce(Event.import_id, Event.slug)
    statement = (
        select(
            Booking.event_id,
            func.coalesce(Booking.import_id, Booking.reference),
            Family.key,
            Booking.district,
            Adult.id,
            Adult.import_hash,
            Booking.origin,
            Booking.status,
            Booking.cancelled_by,
            Booking.created_at,
            Booking.cancelled_at,
            Place.outcome,
        )
        .select_from(Place)
        .join(Booking, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Family, Booking.family_id == Family.id)
        .outerjoin(Adult, Place.adult_id == Adult.id)
        .where(*_are_told(sessions))
        .order_by(Event.starts_at, session_id, Booking.id, Place.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for event_id, booking_id, family, district, adult, mark, origin, *rest in db.session.execute(statement):
        key = adult_key(adult, mark, family)
        yield PlaceRow(sessions[event_id], booking_id, family or "", district, key, origin.value, *rest)


def _are_told(events: Collection[int]) -> list[ColumnElement[bool]]:
    return [Booking.event_id.in_(events), Place.kind.in_(PARTICIPANTS), not_a_slip(), is_a_family()]


def adult_key(adult_id: int | None, import_hash: str | None, family_key: str | None) -> str:
    """Return by what the file knows an adult: what it was imported under, else a key of its own; never a name."""
    if adult_id is None:
        return ""
    if import_hash:
        return f"a-{import_hash[:32]}"
    return f"a-{hashlib.sha256(f'{family_key}:{adult_id}'.encode()).hexdigest()[:32]}"


def _is_over() -> ColumnElement[bool]:
    held = and_(Event.status == EventStatus.PUBLISHED, Event.new_date_pending.is_(False), Event.ends_at <= clock.now())
    return or_(held, and_(Event.status == EventStatus.CANCELLED, Event.first_published_at.is_not(None)))


def not_a_slip() -> ColumnElement[bool]:
    """Leave out walk-ins that were added by mistake and removed."""
    return or_(Booking.origin != Origin.WALK_IN, Booking.status == BookingStatus.CONFIRMED)


def _capacity(mode: BookingMode, capacity: int | None, slots: int | None) -> int | None:
    if mode == BookingMode.OPEN:
        return None
    return slots if mode == BookingMode.SLOTS and slots is not None else capacity
