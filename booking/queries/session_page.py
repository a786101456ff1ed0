"""Read one session as its page shows it: plain values, all of them, so that the page can be kept by them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from booking.extensions import db
from booking.models import Event, Photo, Series, Slot, Venue, VenueFact
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, FactAnswer


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One checked fact about the place; `photo` is the first picture that shows it."""

    code: str
    answer: FactAnswer
    note: str
    checked_on: date | None
    checked_by: str
    photo: int | None


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """The place, and what is known of it. `photos` is how many pictures of it there are."""

    id: int
    name: str
    address: str
    town: str
    outcode: str
    postcode: str
    lat: float | None
    lon: float | None
    directions: str
    arrival_steps: tuple[str, ...]
    leaving: str
    last_bus: str
    is_confidential: bool
    photos: int
    facts: tuple[ShownFact, ...]


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """A time with a professional."""

    role: str
    capacity: int
    places_taken: int


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """The course that a session is date so of so many of."""

    slug: str
    title: str
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSession:
    """A session that was published at some time. `agenda` are minutes and what happens; `venue` None is online."""

    slug: str
    title: str
    summary: str
    description: str
    kind: EventKind
    delivery: Delivery
    booking_mode: BookingMode
    walk_ins_allowed: bool
    status: EventStatus
    new_date_pending: bool
    starts_at: datetime
    ends_at: datetime
    room: str
    capacity: int | None
    places_taken: int
    audience: str
    host: str
    greeter: str
    busiest: str
    opens_days_before: int | None
    ends_hours_before: int | None
    people: tuple[str, ...]
    topics: tuple[str, ...]
    agenda: tuple[tuple[int, str], ...]
    venue: ShownPlace | None
    slots: tuple[ShownSlot, ...]
    course: ShownCourse | None = None


def find_public_session(slug: str) -> ShownSession | None:
    """Find a session that was published at some time, whatever became of it; drafts are nobody's business."""
    if "\0" in slug:  # PostgreSQL refuses to be asked for it
        return None
    row = db.session.execute(_SESSION, {"slug": slug}).first()
    if row is None:
        return None
    event_id, series_id, people, topics, agenda, photos, steps, *values = row
    shown, place = dict(zip(_NAMES, values, strict=False)), dict(zip(_PLACE_NAMES, values[len(_NAMES) :], strict=True))
    has_place = place["id"] is not None and shown["delivery"] != Delivery.ONLINE
    return ShownSession(
        **shown,
        people=tuple(people),
        topics=tuple(topics),
        agenda=tuple((int(item.get("minutes") or 0), str(item.get("what", ""))) for item in agenda),
        venue=_place(place, steps, photos) if has_place else None,
        slots=_slots(event_id) if shown["booking_mode"] == BookingMode.SLOTS else (),
        course=_course(series_id, event_id) if series_id is not None else None,
    )


def _course(series_id: int, event_id: int) -> ShownCourse | None:
    """Return the course; the numbers count every date that was published, so that a cancelled one keeps its own."""
    rows = db.session.execute(_COURSE, {"series_id": series_id}).all()
    ids = [row.id for row in rows]
    return ShownCourse(rows[0].slug, rows[0].title, ids.index(event_id) + 1, len(ids)) if event_id in ids else None


def _place(values: dict[str, Any], steps: list[str], photos: int) -> ShownPlace:
    return ShownPlace(**values, arrival_steps=tuple(steps), photos=photos, facts=_facts(values["id"]))


def _facts(venue_id: int) -> tuple[ShownFact, ...]:
    return tuple(ShownFact(*row) for row in db.session.execute(_FACTS, {"venue_id": venue_id}))


def _slots(event_id: int) -> tuple[ShownSlot, ...]:
    return tuple(ShownSlot(*row) for row in db.session.execute(_SLOTS, {"event_id": event_id}))


def _names(shown: type, *, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(each.name for each in fields(shown) if each.name not in but)


# Made once, and of tables rather than classes: to make a statement takes longer than to run it.
_EVENT, _VENUE, _FACT, _SLOT = Event.__table__, Venue.__table__, VenueFact.__table__, Slot.__table__
_SERIES = Series.__table__
_NAMES = _names(ShownSession, but=("people", "topics", "agenda", "venue", "slots", "course"))
_PLACE_NAMES = _names(ShownPlace, but=("arrival_steps", "photos", "facts"))
_PHOTOS = select(func.count(Photo.id)).where(Photo.venue_id == _VENUE.c.id).correlate(_VENUE).scalar_subquery()
_SESSION = (
    select(
        *(_EVENT.c[name] for name in ("id", "series_id", "people", "topics", "agenda")),
        _PHOTOS,
        _VENUE.c.arrival_steps,
        *(_EVENT.c[name] for name in _NAMES),
        *(_VENUE.c[name] for name in _PLACE_NAMES),
    )
    .select_from(_EVENT.outerjoin(_VENUE, _EVENT.c.venue_id == _VENUE.c.id))
    .where(_EVENT.c.slug == bindparam("slug"), _EVENT.c.status != EventStatus.DRAFT)
)
_COURSE = (
    select(_EVENT.c.id, _SERIES.c.slug, _SERIES.c.title)
    .select_from(_EVENT.join(_SERIES, _EVENT.c.series_id == _SERIES.c.id))
    .where(
        _EVENT.c.series_id == bindparam("series_id"), _EVENT.c.status != EventStatus.DRAFT, _SERIES.c.booked_together
    )
    .order_by(_EVENT.c.starts_at, _EVENT.c.id)
)
_PHOTO = (
    select(func.min(Photo.id))
    .where(Photo.venue_id == _FACT.c.venue_id, Photo.fact_code == _FACT.c.code)
    .correlate(_FACT)
    .scalar_subquery()
)
_FACTS: Select[*tuple[Any, ...]] = (
    select(*(_FACT.c[name] for name in _names(ShownFact, but=("photo",))), _PHOTO)
    .where(_FACT.c.venue_id == bindparam("venue_id"))
    .order_by(_FACT.c.id)
)
_SLOTS = (
    select(*(_SLOT.c[name] for name in _names(ShownSlot)))
    .where(_SLOT.c.event_id == bindparam("event_id"))
    .order_by(_SLOT.c.starts_at, _SLOT.c.id)
)
