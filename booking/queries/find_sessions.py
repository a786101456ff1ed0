"""Read the upcoming sessions that anyone may see, as light rows: a list of 500 costs one query and no objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from booking.extensions import db
from booking.models import Event, Venue, VenueFact
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, FactAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSession:
    """A published session as the public knows it. A confidential place has neither name nor exact position here."""

    slug: str
    title: str
    summary: str
    kind: EventKind
    delivery: Delivery
    booking_mode: BookingMode
    starts_at: datetime
    ends_at: datetime
    new_date_pending: bool
    capacity: int | None
    places_taken: int
    venue_id: int | None
    venue: str
    town: str
    outcode: str
    district: str
    is_confidential: bool
    easting: int | None
    northing: int | None

    @property
    def places_left(self) -> int | None:
        """Count the places that are free; None means no limit."""
        return None if self.capacity is None else self.capacity - self.places_taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the database can decide about a search; None and False ask for nothing."""

    district: str | None = None
    kind: EventKind | None = None
    online: bool = False


def find_sessions(wanted: Wanted, *, now: datetime, limit: int | None = None, offset: int = 0) -> list[FoundSession]:
    """Give the sessions that have not ended, by start; postponed ones too, since people look for them."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(*_conditions(wanted, now))
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
        .offset(offset)
    )
    return [_row(row) for row in rows]


def count_sessions(wanted: Wanted, *, now: datetime) -> int:
    """Count what `find_sessions` would give."""
    statement = (
        select(func.count(Event.id)).outerjoin(Venue, Event.venue_id == Venue.id).where(*_conditions(wanted, now))
    )
    return db.session.scalar(statement) or 0


def count_by_district(*, now: datetime) -> dict[str, int]:
    """Count the upcoming sessions that happen in a place, by the code of its district."""
    statement = (
        select(Venue.district, func.count(Event.id))
        .join(Venue, Event.venue_id == Venue.id)
        .where(*_conditions(Wanted(), now), Event.delivery != Delivery.ONLINE)
        .group_by(Venue.district)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def read_answers(venue_ids: Iterable[int], codes: Collection[str]) -> dict[tuple[int, str], FactAnswer]:
    """Give what is known of these facts at these places; what is missing has not been checked."""
    ids = sorted(set(venue_ids))
    if not ids or not codes:
        return {}
    statement = select(VenueFact.venue_id, VenueFact.code, VenueFact.answer).where(
        VenueFact.venue_id.in_(ids), VenueFact.code.in_(codes)
    )
    return {(venue_id, code): answer for venue_id, code, answer in db.session.execute(statement)}


_COLUMNS = (
    Event.slug,
    Event.title,
    Event.summary,
    Event.kind,
    Event.delivery,
    Event.booking_mode,
    Event.starts_at,
    Event.ends_at,
    Event.new_date_pending,
    Event.capacity,
    Event.places_taken,
    Event.venue_id,
    Venue.name,
    Venue.town,
    Venue.outcode,
    Venue.district,
    Venue.is_confidential,
    Venue.easting,
    Venue.northing,
)


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [Event.status == EventStatus.PUBLISHED, Event.ends_at > now]
    if wanted.district:
        conditions.append(Venue.district == wanted.district)
        conditions.append(Event.delivery != Delivery.ONLINE)
    if wanted.kind:
        conditions.append(Event.kind == wanted.kind)
    if wanted.online:
        conditions.append(or_(Event.delivery == Delivery.ONLINE, Event.delivery == Delivery.HYBRID))
    return conditions


def _row(row: Sequence[Any]) -> FoundSession:
    (
        slug, title, summary, kind, delivery, mode, starts_at, ends_at, pending, capacity, taken,
        venue_id, venue, town, outcode, district, confidential, easting, northing,
    ) = row  # fmt: skip
    has_place = delivery != Delivery.ONLINE and venue is not None
    named = has_place and not confidential
    return FoundSession(
        slug=slug,
        title=title,
        summary=summary,
        kind=kind,
        delivery=delivery,
        booking_mode=mode,
        starts_at=starts_at,
        ends_at=ends_at,
        new_date_pending=pending,
        capacity=capacity,
        places_taken=taken,
        venue_id=venue_id if has_place else None,
        venue=venue if named else "",
        town=town if has_place else "",
        outcode=outcode if has_place else "",
        district=district if has_place else "",
        is_confidential=bool(confidential),
        easting=easting if named else None,
        northing=northing if named else None,
    )
