"""Read the upcoming sessions that anyone may see: a list of 500 costs one query, and values are made once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, Text, bindparam, cast, func, select, type_coerce

from booking.extensions import db
from booking.models import Event, Venue, VenueFact
from booking.queries.districts import codes_of, district_today
from booking.rules.calendar_periods import local_date
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
    day: date
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
    last_bus: str

    @property
    def places_left(self) -> int | None:
        """Count the places that are free; None means no limit."""
        return None if self.capacity is None else self.capacity - self.places_taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the database can decide about a search; None and False ask for nothing."""

    district: str | None = None
    kind: EventKind | None = None
    topic: str | None = None
    online: bool = False


def find_sessions(wanted: Wanted, *, now: datetime, limit: int | None = None, offset: int = 0) -> list[FoundSession]:
    """Give the sessions that have not ended, by start; postponed ones too, since people look for them."""
    if limit is None:
        statement = _all_in_one(wanted, dialect=db.engine.dialect.name)
        return list(_all_found(db.session.execute(statement, _values(wanted, now)).scalar() or "[]"))
    values = {**_values(wanted, now), "limit": limit, "offset": offset}
    return [_found(tuple(row)) for row in db.session.execute(_part(wanted), values).all()]


def count_sessions(wanted: Wanted, *, now: datetime) -> int:
    """Count what `find_sessions` would give."""
    return db.session.execute(_number(wanted), _values(wanted, now)).scalar() or 0


def count_by_district(*, now: datetime) -> dict[str, int]:
    """Count the upcoming sessions that happen in a place, by the code of its district."""
    found: Counter[str] = Counter()
    for district, number in db.session.execute(_number_by_district(), {"now": now}):
        found[district_today(district)] += number
    return dict(found)


def read_answers(venue_ids: Iterable[int], codes: Collection[str]) -> dict[tuple[int, str], FactAnswer]:
    """Give what is known of these facts at these places; what is missing has not been checked."""
    ids = sorted(set(venue_ids))
    if not ids or not codes:
        return {}
    values = {"venues": ids, "codes": list(codes)}
    return {(venue, code): FactAnswer(answer) for venue, code, answer in db.session.execute(_ANSWERS, values).all()}


def _values(wanted: Wanted, now: datetime) -> dict[str, Any]:
    return {"now": now} | ({"districts": codes_of(wanted.district)} if wanted.district else {})


# Statements are made once, and of tables rather than classes: to make one takes longer than to run it.
_EVENT, _VENUE, _FACT = Event.__table__, Venue.__table__, VenueFact.__table__
_PLACED = _EVENT.outerjoin(_VENUE, _EVENT.c.venue_id == _VENUE.c.id)
_OF_EVENT = (
    "slug", "title", "summary", "kind", "delivery", "booking_mode", "starts_at", "ends_at",
    "new_date_pending", "capacity", "places_taken", "venue_id",
)  # fmt: skip
_OF_VENUE = ("name", "town", "outcode", "district", "is_confidential", "easting", "northing", "last_bus")
_ANSWERS = select(_FACT.c.venue_id, _FACT.c.code, type_coerce(_FACT.c.answer, String())).where(
    _FACT.c.venue_id.in_(bindparam("venues", expanding=True)), _FACT.c.code.in_(bindparam("codes", expanding=True))
)


@lru_cache(maxsize=256)
def _part(wanted: Wanted) -> Select[Any]:
    part = _listing(wanted).limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
    return part.order_by(_EVENT.c.starts_at, _EVENT.c.id)


@lru_cache(maxsize=256)
def _all_in_one(wanted: Wanted, *, dialect: str) -> Select[Any]:
    """Read all rows as one text of JSON: the database writes it faster than a driver hands over 500 rows one by one."""
    columns = _listing(wanted).add_columns(_EVENT.c.id).subquery().c
    if dialect == "sqlite":
        return select(func.json_group_array(func.json_array(*columns)))
    return select(cast(func.json_agg(func.json_build_array(*columns)), Text))


def _listing(wanted: Wanted) -> Select[Any]:
    return (
        select(*(_as_it_lies(_EVENT.c[name]) for name in _OF_EVENT), *(_VENUE.c[name] for name in _OF_VENUE))
        .select_from(_PLACED)
        .where(*_conditions(wanted))
    )


@lru_cache(maxsize=256)
def _number(wanted: Wanted) -> Select[Any]:
    return select(func.count(_EVENT.c.id)).select_from(_PLACED).where(*_conditions(wanted))


@cache
def _number_by_district() -> Select[Any]:
    return (
        select(_VENUE.c.district, func.count(_EVENT.c.id))
        .select_from(_PLACED)
        .where(*_conditions(Wanted()), _EVENT.c.delivery != Delivery.ONLINE, _VENUE.c.id.is_not(None))
        .group_by(_VENUE.c.district)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_EVENT.c.status == EventStatus.PUBLISHED, _EVENT.c.ends_at > bindparam("now")]
    if wanted.district:
        conditions.append(_VENUE.c.district.in_(bindparam("districts", expanding=True)))
        conditions.append(_EVENT.c.delivery != Delivery.ONLINE)
    if wanted.kind:
        conditions.append(_EVENT.c.kind == wanted.kind)
    if wanted.topic:
        conditions.append(cast(_EVENT.c.topics, Text).contains(f'"{wanted.topic}"', autoescape=True))
    if wanted.online:
        conditions.append(_EVENT.c.delivery.in_((Delivery.ONLINE, Delivery.HYBRID)))
    return conditions


def _as_it_lies(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read what the driver gives: `_found` makes our values of it, once for all rows that are the same."""
    return type_coerce(column, String())


@lru_cache(maxsize=8)
def _all_found(text: str) -> tuple[FoundSession, ...]:
    """Make the values of all rows, by start. The text says every value, so the same text can only mean the same."""
    rows = sorted(json.loads(text), key=itemgetter(-1))
    return tuple(sorted((_found(tuple(row[:-1])) for row in rows), key=attrgetter("starts_at")))


@lru_cache(maxsize=2048)
def _found(row: tuple[Any, ...]) -> FoundSession:
    """Make the values of a row. A row in which anything has changed is another row, so nothing here grows old."""
    (
        slug, title, summary, kind, delivery, mode, starts_at, ends_at, pending, capacity, taken,
        venue_id, venue, town, outcode, district, confidential, easting, northing, last_bus,
    ) = row  # fmt: skip
    has_place = delivery != Delivery.ONLINE and venue is not None
    named = has_place and not confidential
    starts = _moment(starts_at)
    return FoundSession(
        slug=slug,
        title=title,
        summary=summary,
        kind=EventKind(kind),
        delivery=Delivery(delivery),
        booking_mode=BookingMode(mode),
        starts_at=starts,
        ends_at=_moment(ends_at),
        day=local_date(starts),
        new_date_pending=bool(pending),
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
        last_bus=last_bus if named else "",
    )


def _moment(value: str | datetime) -> datetime:
    """Give a moment in UTC: SQLite has no zones, PostgreSQL writes the one its session speaks in."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
