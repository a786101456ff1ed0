"""Who came, row after row behind a server-side cursor, for the export file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Adult, Booking, Event, Family, Place, Slot, Venue
from booking.queries.extensions import is_a_family
from booking.rules.attendance_row import PlaceRow
from booking.rules.words import (
    PARTICIPANTS,
    BookingMode,
    BookingStatus,
    EventStatus,
    Origin,
)

_AT_ONCE = 500


def get_event(event_id: int) -> Event:
    """Read one session that was published. Raise NotFound."""
    event = db.session.get(Event, event_id)
    if event is None or event.status == EventStatus.DRAFT:
        raise NotFound("There is no such session, or it is not published yet.")
    return event


def attendance_places(start: datetime | None = None, end: datetime | None = None) -> Iterator[PlaceRow]:
    """Read every participant's place in sessions that are over or were cancelled; families are random keys."""
    session_id = func.coalesce(Event.import_id, Event.slug).label("session_id")
    slots = select(func.sum(Slot.capacity)).where(Slot.event_id == Event.id).correlate(Event).scalar_subquery()
    statement = (
        select(
            session_id,
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
            Event.status.label("event_status"),
            func.coalesce(Booking.import_id, Booking.reference).label("booking_id"),
            Family.key,
            Booking.district.label("family_district"),
            Adult.id.label("adult"),
            Adult.import_hash,
            Booking.origin,
            Booking.status,
            Booking.cancelled_by,
            Booking.created_at,
            Booking.cancelled_at,
            Place.outcome,
        )
        .join(Booking, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .outerjoin(Family, Booking.family_id == Family.id)
        .outerjoin(Adult, Place.adult_id == Adult.id)
        .where(_is_over(), Place.kind.in_(PARTICIPANTS), not_a_slip(), is_a_family())
        .order_by(Event.starts_at, session_id, Booking.id, Place.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    if start is not None:
        statement = statement.where(Event.starts_at >= start)
    if end is not None:
        statement = statement.where(Event.starts_at < end)
    for row in db.session.execute(statement):
        yield PlaceRow(
            session_id=row.session_id,
            title=row.title,
            kind=row.kind.value,
            delivery=row.delivery.value,
            venue=row.venue or "",
            venue_district=row.venue_district or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            capacity=_capacity(row.booking_mode, row.capacity, row.slots),
            is_cancelled=row.event_status == EventStatus.CANCELLED,
            booking_id=row.booking_id,
            family_id=row.key or "",
            family_district=row.family_district,
            adult_id=adult_key(row.adult, row.import_hash, row.key),
            origin=row.origin.value,
            status=row.status,
            cancelled_by=row.cancelled_by,
            booked_at=row.created_at,
            cancelled_at=row.cancelled_at,
            outcome=row.outcome,
        )


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
