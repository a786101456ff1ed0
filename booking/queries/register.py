"""One session's register: who is expected, who came, who is in the building. Six queries, however many came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, Place, Venue
from booking.queries.extensions import is_a_family
from booking.rules.door import OPEN_AFTER, Room, short_name
from booking.rules.double_bookings import room_key
from booking.rules.words import (
    PARTICIPANTS,
    BookingStatus,
    CancelledBy,
    EventStatus,
    NeedState,
    Origin,
    Outcome,
    PersonKind,
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
    """One booking on the register, with what was promised."""

    booking_id: int
    reference: str
    status: BookingStatus
    children: int
    slot_at: datetime | None
    slot_ends_at: datetime | None
    slot_role: str
    people: tuple[Person, ...]
    needs: tuple[str, ...]
    has_family: bool

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
        """Count everybody in the building, helpers and children too."""
        adults = sum(
            person.outcome == Outcome.ATTENDED for entry in (*self.booked, *self.walk_ins) for person in entry.people
        )
        return Room(inside=adults + self.children, fire_limit=_fire_limit(self.event))

    def _booked_with(self, outcome: Outcome) -> int:
        return sum(
            person.kind in PARTICIPANTS and person.outcome == outcome
            for entry in self.booked
            for person in entry.people
        )


def get_register(event_id: int, *, full_names: bool = False) -> Register:
    """Read a session's register. Raise NotFound."""
    event = db.session.scalar(
        select(Event).where(Event.id == event_id).options(joinedload(Event.venue).selectinload(Venue.rooms))
    )
    if event is None or event.status == EventStatus.DRAFT:
        raise NotFound("There is no such session, or it is not published yet.")
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event_id, is_a_family())
        .options(
            joinedload(Booking.slot),
            selectinload(Booking.places).joinedload(Place.adult),
            selectinload(Booking.needs),
        )
    ).all()
    entries = sorted(((booking, _entry(booking, full_names)) for booking in bookings), key=lambda pair: _order(pair[1]))
    return Register(
        event=event,
        booked=tuple(entry for booking, entry in entries if _is_booked(booking)),
        walk_ins=tuple(entry for booking, entry in entries if _is_walk_in(booking)),
        others=_others(entries),
    )


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


def _entry(booking: Booking, full_names: bool) -> Entry:
    return Entry(
        booking_id=booking.id,
        reference=booking.reference,
        status=booking.status,
        children=booking.children,
        slot_at=booking.slot.starts_at if booking.slot else None,
        slot_ends_at=booking.ends_at if booking.second_slot_id else None,
        slot_role=booking.slot.role if booking.slot else "",
        people=tuple(_person(place, full_names) for place in booking.places),
        needs=tuple(dict.fromkeys(need.code for need in booking.needs if need.state not in _DROPPED)),
        has_family=booking.family_id is not None,
    )


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
