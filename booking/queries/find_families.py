"""Find families by what is said on the telephone: a name, a number, an e-mail address or a reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from booking import clock
from booking.extensions import db
from booking.models import Adult, Booking, Event, NamePart, Place
from booking.models.family import name_buckets
from booking.queries.families import families_with_contact
from booking.queries.staff_bookings import names_of
from booking.rules.name_parts import BEGINNING, how_near, words_of
from booking.rules.references import normal_reference
from booking.rules.words import LIVE

SHOWN = 20
"""Families on one page: who sees more types more."""
LOOKED_AT = 100
"""Families whose bookings are read before the nearest are chosen."""
FEW = 3
"""Bookings shown of one family; its page has the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBooking:
    """One booking of a family that was found."""

    id: int
    reference: str
    event_id: int
    session: str
    starts_at: datetime
    is_live: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFamily:
    """A family, or somebody without one, with the next bookings first and then the latest."""

    names: str
    bookings: tuple[FoundBooking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found. `has_more`: more families than a page shows; `is_short`: too little was typed to look."""

    families: tuple[FoundFamily, ...] = ()
    has_more: bool = False
    is_short: bool = False


def find_families(typed: str, *, among: Iterable[int] | None) -> Found:
    """Return the families that this may mean, those with a coming booking first.

    `among` are the sessions whose bookings the person may see; None for all.
    """
    visible = None if among is None else frozenset(among)
    reference = _with_reference(typed, visible)
    if reference:
        return Found(families=(reference,))
    known = families_with_contact(typed) if typed.strip() else []
    if not known and not any(len(word) >= BEGINNING for word in words_of(typed)):
        return Found(is_short=True)
    near = dict.fromkeys(known, len(typed)) or _named(typed, visible)
    nearest = sorted(near, key=lambda family: (-near[family], -family))
    bookings = _bookings_of(nearest[:LOOKED_AT], visible)
    order = [family for family in nearest if family in bookings]
    order.sort(key=lambda family: (-near[family], not _is_coming(bookings[family]), _begins(bookings[family])))
    shown = tuple(_as_family(bookings[family]) for family in order[:SHOWN])
    return Found(families=shown, has_more=len(order) > SHOWN or len(nearest) > LOOKED_AT)


def _with_reference(typed: str, visible: frozenset[int] | None) -> FoundFamily | None:
    reference = normal_reference(typed)
    if not reference:
        return None
    rows = _read(Booking.reference == reference, visible)
    return _as_family(rows) if rows else None


def _named(typed: str, visible: frozenset[int] | None) -> dict[int, int]:
    """Return how near the names of families come to what was typed; only names of the same buckets are opened."""
    statement: Any = select(Adult.family_id, Adult.name)
    for bucket in name_buckets(typed):
        part = aliased(NamePart)
        statement = statement.join(part, (part.adult_id == Adult.id) & (part.bucket == bucket))
    if visible is not None:  # before the nearest are chosen: others' families must not push their own out
        theirs = select(Booking.family_id).where(Booking.event_id.in_(visible), Booking.family_id.is_not(None))
        statement = statement.where(Adult.family_id.in_(theirs))
    near: dict[int, int] = {}
    for family_id, name in db.session.execute(statement):
        whole = how_near(name or "", typed)
        if whole is not None:
            near[family_id] = max(near.get(family_id, 0), whole)
    return near


def _bookings_of(families: Sequence[int], visible: frozenset[int] | None) -> dict[int, list[Booking]]:
    found: dict[int, list[Booking]] = {}
    for booking in _read(Booking.family_id.in_(families), visible):
        found.setdefault(booking.family_id or 0, []).append(booking)
    return found


def _read(which: Any, visible: frozenset[int] | None) -> list[Booking]:
    statement = (
        select(Booking)
        .join(Event, Event.id == Booking.event_id)
        .where(which)
        .options(joinedload(Booking.event), selectinload(Booking.places).joinedload(Place.adult))
        .order_by(Event.starts_at, Booking.id)
    )
    rows = db.session.scalars(statement).all()
    return [row for row in rows if visible is None or row.event_id in visible]


def _as_family(bookings: Sequence[Booking]) -> FoundFamily:
    now = clock.now()
    lines = [
        FoundBooking(
            id=booking.id,
            reference=booking.reference,
            event_id=booking.event_id,
            session=booking.event.title,
            starts_at=booking.starts_at,
            is_live=booking.status in LIVE,
            is_over=booking.ends_at <= now,
        )
        for booking in bookings
    ]
    lines.sort(key=lambda line: (line.is_over, not line.is_live, abs(line.starts_at - now)))
    said = dict.fromkeys(name for booking in bookings for name in names_of(booking).split(", "))
    return FoundFamily(names=", ".join(said), bookings=tuple(lines[:FEW]))


def _is_coming(bookings: Sequence[Booking]) -> bool:
    return any(booking.status in LIVE and booking.ends_at > clock.now() for booking in bookings)


def _begins(bookings: Sequence[Booking]) -> float:
    now = clock.now()
    return min(abs((booking.event.starts_at - now).total_seconds()) for booking in bookings)
