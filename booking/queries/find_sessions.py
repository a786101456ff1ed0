"""Read the upcoming sessions that anyone may see, as light rows: a list of 500 costs one query and no objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select

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
    values = {"now": now, "limit": limit, "offset": offset}
    return [_row(row) for row in db.session.execute(_listing(wanted, is_part=limit is not None), values)]


def count_sessions(wanted: Wanted, *, now: datetime) -> int:
    """Count what `find_sessions` would give."""
    return db.session.execute(_number(wanted), {"now": now}).scalar() or 0


def count_by_district(*, now: datetime) -> dict[str, int]:
    """Count the upcoming sessions that happen in a place, by the code of its district."""
    return {row[0]: row[1] for row in db.session.execute(_number_by_district(), {"now": now})}


def read_answers(venue_ids: Iterable[int], codes: Collection[str]) -> dict[tuple[int, str], FactAnswer]:
    """Give what is known of these facts at these places; what is missing has not been checked."""
    ids = sorted(set(venue_ids))
    if not ids or not codes:
        return {}
    statement = select(VenueFact.venue_id, VenueFact.code, VenueFact.answer).where(
        VenueFact.venue_id.in_(ids), VenueFact.code.in_(codes)
    )
    return {(venue_id, code): answer for venue_id, code, answer in db.session.execute(statement)}


# Statements are made once, and of tables rather than classes: to make one takes longer than to run it.
_EVENT, _VENUE = Event.__table__, Venue.__table__
_PLACED = _EVENT.outerjoin(_VENUE, _EVENT.c.venue_id == _VENUE.c.id)
_OF_EVENT = (
    "slug", "title", "summary", "kind", "delivery", "booking_mode", "starts_at", "ends_at",
    "new_date_pending", "capacity", "places_taken", "venue_id",
)  # fmt: skip
_OF_VENUE = ("name", "town", "outcode", "district", "is_confidential", "easting", "northing")


@lru_cache(maxsize=256)
def _listing(wanted: Wanted, *, is_part: bool) -> Select[Any]:
    statement = (
        select(*(_EVENT.c[name] for name in _OF_EVENT), *(_VENUE.c[name] for name in _OF_VENUE))
        .select_from(_PLACED)
        .where(*_conditions(wanted))
        .order_by(_EVENT.c.starts_at, _EVENT.c.id)
    )
    if is_part:
        return statement.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
    return statement


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
        conditions.append(_VENUE.c.district == wanted.district)
        conditions.append(_EVENT.c.delivery != Delivery.ONLINE)
    if wanted.kind:
        conditions.append(_EVENT.c.kind == wanted.kind)
    if wanted.online:
        conditions.append(_EVENT.c.delivery.in_((Delivery.ONLINE, Delivery.HYBRID)))
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
