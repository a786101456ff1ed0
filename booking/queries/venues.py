"""Reads of venues: the list staff search, one venue with its facts, the choices of a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, Room, Venue, VenueFact, VenueHire
from booking.queries.districts import codes_named
from booking.queries.extensions import is_a_family
from booking.rules.access_needs import KnownFact
from booking.rules.door import is_the_day
from booking.rules.double_bookings import room_key
from booking.rules.words import LIVE, Delivery, EventStatus, FactAnswer

PAGE = 30
_BY_NAME = (func.lower(Venue.name), Venue.id)


@dataclass(frozen=True)
class VenueRow:
    """One line of the list."""

    id: int
    name: str
    town: str
    district: str
    is_confidential: bool
    is_archived: bool
    checked: int
    upcoming: int


def list_venues(*, text: str = "", archived: bool = False, start: int = 0) -> list[VenueRow]:
    """Return one page of the venues whose name, town, outcode or district holds the text, by name, in one query."""
    here = _found(text, archived=archived).order_by(*_BY_NAME).offset(start).limit(PAGE)
    checked = (
        select(func.count(VenueFact.id))
        .where(VenueFact.venue_id == Venue.id, VenueFact.answer != FactAnswer.NOT_CHECKED)
        .scalar_subquery()
    )
    upcoming = (
        select(func.count(Event.id))
        .where(Event.venue_id == Venue.id, Event.starts_at > clock.now(), Event.status != EventStatus.CANCELLED)
        .scalar_subquery()
    )
    columns = (Venue.id, Venue.name, Venue.town, Venue.district, Venue.is_confidential, Venue.archived_at)
    # The page is cut first: counting what is known of each place would else be done for all of them.
    rows = db.session.execute(
        select(*columns, checked.label("checked"), upcoming.label("upcoming"))
        .where(Venue.id.in_(here.subquery().select()))
        .order_by(*_BY_NAME)
    )
    return [
        VenueRow(
            id=row.id,
            name=row.name,
            town=row.town,
            district=row.district,
            is_confidential=row.is_confidential,
            is_archived=row.archived_at is not None,
            checked=row.checked,
            upcoming=row.upcoming,
        )
        for row in rows
    ]


def count_venues(*, text: str = "", archived: bool = False) -> int:
    """Count the venues whose name, town, outcode or district holds the text."""
    found = _found(text, archived=archived).with_only_columns(func.count(Venue.id))
    return db.session.scalar(found) or 0


def get_venue(venue_id: int) -> Venue:
    """Return one venue with its facts. Raise NotFound."""
    venue = db.session.scalar(select(Venue).where(Venue.id == venue_id).options(selectinload(Venue.facts)))
    if venue is None:
        raise NotFound("There is no such venue.")
    return venue


def find_venue(venue_id: int) -> Venue | None:
    """Return a venue without what is known of it, if it is there."""
    return db.session.get(Venue, venue_id)


def venues_named(numbers: Collection[int]) -> list[Venue]:
    """Return the venues with these ids that are there."""
    return list(db.session.scalars(select(Venue).where(Venue.id.in_(numbers))))


def coming_at(venue_id: int) -> Select[Event]:
    """Select the published sessions at a venue that are not over."""
    return select(Event).where(
        Event.venue_id == venue_id, Event.status == EventStatus.PUBLISHED, Event.ends_at > clock.now()
    )


def coming_in_room(venue_id: int, key: str) -> list[Event]:
    """Return the sessions in a room that are not over, drafts and those put off too, by start."""
    return [event for event in held_at(venue_id) if room_key(event.room) == key]


def find_room(venue_id: int | None, name: str) -> Room | None:
    """Find the listed room that a session names, however it spells it."""
    if venue_id is None or not room_key(name):
        return None
    return db.session.scalar(select(Room).where(Room.venue_id == venue_id, Room.key == room_key(name)))


def room_choices(venue_ids: Collection[int]) -> list[tuple[str, str]]:
    """Return the listed rooms of these venues, each with the words that tell it from others of its name."""
    statement = select(Room.name, Venue.name, Room.capacity).join(Venue).where(Venue.id.in_(venue_ids))
    rows = db.session.execute(statement.order_by(func.lower(Venue.name), Room.key))
    return [(room, f"{venue}, {capacity} people" if capacity else venue) for room, venue, capacity in rows]


def held_at(venue_id: int) -> list[Event]:
    """Return the sessions at a venue that are not over, drafts and those put off too, by start."""
    statement = select(Event).where(
        Event.venue_id == venue_id,
        Event.status != EventStatus.CANCELLED,
        or_(Event.ends_at > clock.now(), Event.new_date_pending.is_(True)),
    )
    return list(db.session.scalars(statement.order_by(Event.starts_at, Event.id)))


def families_told_of(venue_id: int) -> int:
    """Count the bookings whose families hear of it when this place is another one: of all who booked or wait."""
    coming = coming_at(venue_id).where(Event.new_date_pending.is_(False), Event.delivery != Delivery.ONLINE)
    statement = select(func.count(Booking.id)).where(
        Booking.event_id.in_(coming.with_only_columns(Event.id)), Booking.status.in_(LIVE), is_a_family()
    )
    return db.session.scalars(statement).one()


def venue_choices(*, keep: int | None = None) -> list[tuple[str, str]]:
    """Return the venues a session can be at, and the one it is at already even if that is archived."""
    statement = select(Venue.id, Venue.name, Venue.town).order_by(func.lower(Venue.name))
    statement = statement.where(or_(Venue.archived_at.is_(None), Venue.id == (keep or 0)))
    return [(str(number), f"{name}, {town}") for number, name, town in db.session.execute(statement)]


def sessions_on_their_day(venue_id: int) -> list[int]:
    """Return the sessions at a venue whose day it is, as the front desk has it."""
    now = clock.now()
    rows = db.session.execute(
        select(Event.id, Event.starts_at, Event.ends_at).where(
            Event.venue_id == venue_id, Event.status == EventStatus.PUBLISHED, Event.new_date_pending.is_(False)
        )
    )
    return [row.id for row in rows if is_the_day(row.starts_at, row.ends_at, now=now)]


def find_hire(venue_id: int) -> VenueHire | None:
    """Return whom to ask for the key, if somebody wrote it down. A look at this is recorded."""
    return db.session.scalar(select(VenueHire).where(VenueHire.venue_id == venue_id))


def known_facts(venue: Venue | None) -> Mapping[str, KnownFact]:
    """Return what is known of a place, as the rules about needs want it."""
    if venue is None:
        return {}
    return {fact.code: KnownFact(fact.answer, fact.checked_on) for fact in venue.facts}


def _found(text: str, *, archived: bool) -> Select[int]:
    statement = select(Venue.id).where(Venue.archived_at.is_not(None) if archived else Venue.archived_at.is_(None))
    if not text:
        return statement
    part = f"%{_escaped(text.lower())}%"
    columns = (Venue.name, Venue.town, Venue.outcode, Venue.district)
    found = [func.lower(column).like(part, escape="\\") for column in columns]
    return statement.where(or_(*found, Venue.district.in_(codes_named(text))))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
