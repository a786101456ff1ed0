"""One session's register: who is expected, who came, who is in the building. Few queries, however many came.

Names are short, and needs are not read unless somebody asks: who stands at the door learns what to do, and never for
which need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, BookingChange, DoorEvent, Event, Place, Venue
from booking.queries.extensions import is_a_family
from booking.queries.newcomers import families_known_before
from booking.rules.day_sheet import action_for
from booking.rules.door import OPEN_AFTER, Room, short_name
from booking.rules.double_bookings import room_key
from booking.rules.engagement.metric import UNKNOWN
from booking.rules.words import (
    PARTICIPANTS,
    BookingStatus,
    CancelledBy,
    EventStatus,
    NeedState,
    Origin,
    Outcome,
    PersonKind,
    Turn,
)

_DROPPED = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One adult on the register; `name` is empty when none was given."""

    place_id: int
    name: str
    kind: PersonKind
    outcome: Outcome
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One booking on the register. `subject` is what the door calls a walk-in.

    For who greets them: `to_do` is what was promised, as deeds, and `is_new` that nobody of the family came before.
    `where` (an outcode, else a district, else nothing) and `first_time` are what was said of them.
    """

    booking_id: int
    reference: str
    status: BookingStatus
    children: int
    slot_at: datetime | None
    slot_ends_at: datetime | None
    slot_role: str
    turn: Turn | None
    people: tuple[Person, ...]
    has_family: bool
    subject: str
    to_do: tuple[str, ...]
    is_new: bool
    where: str
    first_time: bool | None

    def matches(self, text: str) -> bool:
        """Tell whether a person looking for somebody means this booking."""
        plain = "".join(text.casefold().split())
        names = ("".join(person.name.casefold().split()) for person in self.people)
        return plain in self.reference.casefold() or any(plain in name for name in names)

    @property
    def is_here(self) -> bool:
        """Tell whether anybody of the booking came."""
        return any(person.outcome == Outcome.ATTENDED for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A session's register."""

    event: Event
    booked: tuple[Entry, ...]
    walk_ins: tuple[Entry, ...]
    others: tuple[Entry, ...]

    @property
    def expected(self) -> int:
        """Count the participants who booked."""
        return sum(person.kind in PARTICIPANTS for entry in self.booked for person in entry.people)

    @property
    def here(self) -> int:
        """Count the booked participants who came."""
        return self._booked_with(Outcome.ATTENDED)

    @property
    def did_not_come(self) -> int:
        """Count the booked participants who did not come."""
        return self._booked_with(Outcome.DID_NOT_COME)

    @property
    def walked_in(self) -> int:
        """Count the people who came without booking."""
        return sum(len(entry.people) for entry in self.walk_ins)

    @property
    def unknown(self) -> tuple[tuple[Entry, Person], ...]:
        """List the participants of whom nobody has said whether they came."""
        return tuple(
            (entry, person)
            for entry in self.booked
            for person in entry.people
            if person.kind in PARTICIPANTS and person.outcome == Outcome.NOT_RECORDED
        )

    @property
    def children(self) -> int:
        """Count the children of those who came."""
        return sum(entry.children for entry in (*self.booked, *self.walk_ins) if entry.is_here)

    @property
    def room(self) -> Room:
        """Count everybody in the building, helpers and children too; who left before being seen is gone."""
        return Room(inside=self._heads(left=False), fire_limit=_fire_limit(self.event))

    @property
    def left_again(self) -> int:
        """Count who came and left before being seen, their children too."""
        return self._heads(left=True)

    def _heads(self, *, left: bool) -> int:
        those = [e for e in (*self.booked, *self.walk_ins) if e.is_here and (e.turn == Turn.LEFT) == left]
        adults = sum(person.outcome == Outcome.ATTENDED for entry in those for person in entry.people)
        return adults + sum(entry.children for entry in those)

    def _booked_with(self, outcome: Outcome) -> int:
        return sum(
            person.kind in PARTICIPANTS and person.outcome == outcome
            for entry in self.booked
            for person in entry.people
        )


def get_register(event_id: int, *, full_names: bool = False, deeds: Mapping[str, str] | None = None) -> Register:
    """Read a session's register. Raise NotFound.

    Who greets families gives the `deeds`: what to do for a need, by its code, where it helps at the door.
    """
    event = db.session.scalar(
        select(Event).where(Event.id == event_id).options(joinedload(Event.venue).selectinload(Venue.rooms))
    )
    if event is None or event.status == EventStatus.DRAFT:
        raise NotFound("There is no such session, or it is not published yet.")
    statement = (
        select(Booking)
        .where(Booking.event_id == event_id, is_a_family())
        .options(joinedload(Booking.slot), selectinload(Booking.places).joinedload(Place.adult))
    )
    if deeds is not None:
        statement = statement.options(selectinload(Booking.needs))
    known = families_known_before(event) if deeds is not None else frozenset()
    entries = []
    for booking in db.session.scalars(statement):
        people = tuple(_person(place, full_names) for place in booking.places)
        to_do = _to_do(booking, people, deeds) if deeds is not None else ()
        is_new = deeds is not None and _is_new(booking, known)
        entries.append((booking, _entry(booking, people, to_do, is_new=is_new)))
    entries.sort(key=lambda pair: _order(pair[1]))
    return Register(
        event=event,
        booked=tuple(entry for booking, entry in entries if _is_booked(booking)),
        walk_ins=tuple(entry for booking, entry in entries if _is_walk_in(booking)),
        others=_others(entries),
    )


def get_room(event_id: int) -> Room:
    """Count everybody in the building without reading who they are. The session is there."""
    event = db.session.get_one(Event, event_id)
    not_gone = or_(Booking.turn.is_(None), Booking.turn != Turn.LEFT)
    here = Booking.event_id == event_id, Booking.status == BookingStatus.CONFIRMED, is_a_family(), not_gone
    came = select(Place.booking_id).where(Place.outcome == Outcome.ATTENDED)
    adults = select(func.count(Place.id)).join(Booking).where(*here, Place.outcome == Outcome.ATTENDED)
    children = select(func.coalesce(func.sum(Booking.children), 0)).where(*here, Booking.id.in_(came))
    inside = db.session.execute(select(adults.scalar_subquery() + children.scalar_subquery())).scalar_one()
    return Room(inside=inside, fire_limit=_fire_limit(event))


def register_version(event_id: int) -> str:
    """Return a mark that is another one as soon as somebody decided something at the door, or a booking changed."""
    decided = select(func.max(DoorEvent.id)).where(DoorEvent.event_id == event_id)
    changed = select(func.max(BookingChange.id)).join(Booking).where(Booking.event_id == event_id)
    return "-".join(str(db.session.scalar(each) or 0) for each in (decided, changed))


def _by_id(booking: Booking) -> int:
    return booking.id


def _fire_limit(event: Event) -> int | None:
    """Return the lower of two limits: that of the room which the session names, if it is listed, and the building's."""
    if event.venue is None:
        return None
    rooms = [room.fire_limit for room in event.venue.rooms if room.key == room_key(event.room)]
    return min((limit for limit in (event.venue.fire_limit, *rooms) if limit is not None), default=None)


def sessions_on(day: date) -> list[Event]:
    """List the published sessions of one day in London."""
    return _published(clock.start_of_day(day), clock.end_of_day(day))


def open_registers(now: datetime) -> list[Event]:
    """List the sessions that have ended in the last 14 days and whose register nobody has closed."""
    past = _published(now - OPEN_AFTER, now)
    return [event for event in past if event.register_closed_at is None and event.ends_at <= now]


def _published(start: datetime, end: datetime) -> list[Event]:
    statement = (
        select(Event)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.starts_at >= start,
            Event.starts_at < end,
        )
        .options(joinedload(Event.venue))
        .order_by(Event.starts_at, Event.id)
    )
    return list(db.session.scalars(statement))


def _entry(booking: Booking, people: tuple[Person, ...], to_do: tuple[str, ...], *, is_new: bool) -> Entry:
    return Entry(
        booking_id=booking.id,
        reference=booking.reference,
        status=booking.status,
        children=booking.children,
        slot_at=booking.slot.starts_at if booking.slot else None,
        slot_ends_at=booking.ends_at if booking.second_slot_id else None,
        slot_role=booking.slot.role if booking.slot else booking.desk or "",
        turn=booking.turn,
        people=people,
        has_family=booking.family_id is not None,
        subject=booking.door_subject or "",
        to_do=to_do,
        is_new=is_new,
        where=booking.outcode or (booking.district if booking.district != UNKNOWN else ""),
        first_time=booking.is_first_time,
    )


def _to_do(booking: Booking, people: tuple[Person, ...], deeds: Mapping[str, str]) -> tuple[str, ...]:
    who = next((person.name for person in people if person.name), "") or "this family"
    codes = dict.fromkeys(need.code for need in booking.needs if need.state not in _DROPPED)
    return tuple(action_for(deeds[code], who, None) for code in codes if code in deeds)


def _is_new(booking: Booking, known: frozenset[int]) -> bool:
    """Return whether they come for the first time: what they say goes before what we know."""
    if booking.is_first_time is not None:
        return booking.is_first_time
    return booking.family_id is not None and booking.family_id not in known


def _person(place: Place, full_names: bool) -> Person:
    name = place.adult.name if place.adult else None
    return Person(
        place_id=place.id,
        name=(name or "") if full_names else short_name(name),
        kind=place.kind,
        outcome=place.outcome,
        arrived_at=place.arrived_at,
    )


def _order(entry: Entry) -> tuple[bool, float, bool, str, int]:
    first = entry.people[0].name.casefold() if entry.people else ""
    return entry.slot_at is None, entry.slot_at.timestamp() if entry.slot_at else 0, not first, first, entry.booking_id


def _is_walk_in(booking: Booking) -> bool:
    return booking.origin == Origin.WALK_IN and booking.status == BookingStatus.CONFIRMED


def _is_booked(booking: Booking) -> bool:
    return booking.origin != Origin.WALK_IN and booking.status == BookingStatus.CONFIRMED


def _others(entries: list[tuple[Booking, Entry]]) -> tuple[Entry, ...]:
    """List the families who have no place but may come: waiting, offered, or cancelled by themselves. Each once."""
    here = {booking.family_id for booking, _ in entries if _is_walk_in(booking) or _is_booked(booking)}
    waiting = [
        booking
        for booking, _ in entries
        if booking.status != BookingStatus.CONFIRMED
        and booking.origin != Origin.WALK_IN
        and booking.cancelled_by != CancelledBy.US
        and booking.family_id not in here
    ]
    last_of_family = {booking.family_id or -booking.id: booking.id for booking in sorted(waiting, key=_by_id)}
    shown = set(last_of_family.values())
    return tuple(entry for booking, entry in entries if booking.id in shown)
