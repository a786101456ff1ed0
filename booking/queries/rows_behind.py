"""The rows that a figure counts: by session, and for who may see them, the bookings at one of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Event, NeedRequest
from booking.rules.engagement.counting import Thing
from booking.rules.engagement.facts import (
    BookingFact,
    Facts,
    IssueFact,
    NeedFact,
    PlaceFact,
    SessionFact,
    WaitFact,
    came,
)
from booking.rules.engagement.narrowing import FEWEST_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRows:
    """How much of a figure one session adds; None where few came to it and the figure is broken down (2.3 i)."""

    event_id: int
    title: str
    starts_at: datetime
    number: int | None
    has_bookings: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRows:
    """How much of a figure is of no session, on one day: wishes, and what families raised."""

    day: date
    number: int
    issue_id: int | None


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One booking behind a figure."""

    booking_id: int
    reference: str


def by_session(things: Iterable[Thing], facts: Facts, *, is_broken_down: bool) -> list[SessionRows]:
    """Add up what each session adds. A thing of several sessions, such as a family, stands at each of them."""
    numbers: dict[int, int] = {}
    with_bookings: set[int] = set()
    for thing in things:
        for event_id in {_session_of(fact) for fact in thing.facts}:
            if event_id is not None:
                numbers[event_id] = numbers.get(event_id, 0) + thing.weight
        with_bookings |= {fact.session.id for fact in thing.facts if isinstance(fact, _OF_BOOKINGS)}
    few = _small_sessions(facts) if is_broken_down else frozenset()
    statement = select(Event.id, Event.title, Event.starts_at).where(Event.id.in_(numbers)).order_by(Event.starts_at)
    return [
        SessionRows(
            event_id=number,
            title=title,
            starts_at=starts_at,
            number=None if number in few else numbers[number],
            has_bookings=number in with_bookings and number not in few,
        )
        for number, title, starts_at in db.session.execute(statement)
    ]


def of_no_session(things: Iterable[Thing]) -> list[OtherRows]:
    """List what belongs to no session, the earliest first."""
    rows = [
        OtherRows(day=fact.day, number=thing.weight, issue_id=fact.id if isinstance(fact, IssueFact) else None)
        for thing in things
        for fact in thing.facts[:1]
        if _session_of(fact) is None
    ]
    return sorted(rows, key=lambda row: (row.day, row.issue_id or 0))


def bookings_at(things: Iterable[Thing], event_id: int) -> Sequence[BookingRow]:
    """Return the bookings at one session that a figure counts, by reference."""
    numbers: set[int] = set()
    needs: set[int] = set()
    for fact in (fact for thing in things for fact in thing.facts if _session_of(fact) == event_id):
        if isinstance(fact, NeedFact):
            needs.add(fact.id)
        elif isinstance(fact, _OF_BOOKINGS):
            numbers.add(fact.booking if isinstance(fact, PlaceFact) else fact.id)
    numbers |= set(db.session.scalars(select(NeedRequest.booking_id).where(NeedRequest.id.in_(needs))))
    statement = select(Booking.id, Booking.reference).where(Booking.id.in_(numbers)).order_by(Booking.reference)
    return [BookingRow(*row) for row in db.session.execute(statement)]


_OF_BOOKINGS = (PlaceFact, BookingFact, WaitFact, NeedFact)


def _session_of(fact: Any) -> int | None:
    if isinstance(fact, SessionFact):
        return fact.id
    session = getattr(fact, "session", None)
    return session.id if session is not None else None


def _small_sessions(facts: Facts) -> frozenset[int]:
    people: dict[int, int] = {session.id: 0 for session in facts.sessions}
    for place in facts.places:
        if place.is_participant and came(place):
            people[place.session.id] += 1
    return frozenset(number for number, came_there in people.items() if came_there < FEWEST_PEOPLE)
