"""The course of the demonstration: six Tuesdays in Canterbury, booked whole by some families and in part by others."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from booking.clock import in_london, london_time
from booking.locality.kinds import Locality
from booking.models import Event, MayCome, Series, Venue
from booking.rules.calendar_periods import SchoolTime, school_time
from booking.rules.words import BookingMode, EventKind, EventStatus, Participation
from booking.services.demo.bookings import Drawn, Party, World, book_party
from booking.services.demo.events import make_event
from booking.services.demo.people import Household
from booking.services.demo.plan import PlannedSession, is_open_day
from booking.services.demo.templates import PACT_REP, SessionTemplate
from booking.services.demo.venues import PLACES

DATES = 6
FIRST_AFTER = timedelta(days=9)
TUESDAY = 1
BOOK_ALL, BOOK_SOME = 5, 4
MAY_COME = (1, 2, 1, 3)

_COURSE = SessionTemplate(
    number=21,
    title="Sleep, step by step",
    kind=EventKind.WORKSHOP,
    minutes=90,
    capacity=10,
    summary="Six Tuesdays about sleep. One small change a week, with other parents.",
    description=(
        "Six Tuesdays about sleep. Each week we look at one thing, and you try one small change at home. "
        "It is fine to miss a week.\n\nYou meet the same small group each time."
    ),
    agenda=((10, "Welcome, and how was your week?"), (40, "This week's step"), (10, "Break"), (30, "Your own plan")),
    people=("Sleep practitioner", PACT_REP),
    participation=Participation.ENGAGE,
)
_VENUE = "CAN1"


@dataclass(frozen=True, kw_only=True)
class DemoCourse:
    """The course's sessions and their bookings."""

    events: list[Event]
    drawn: list[Drawn]


def make_course_of_tuesdays(world: World, venues: Mapping[str, Venue]) -> DemoCourse:
    """Make the course. It draws from a die of its own, so that the rest of the story stays as it was."""
    rng = Random(f"course {world.now:%Y-%m-%d}")  # noqa: S311 (it draws a story, no secret)
    mine = replace(world, rng=rng)
    planned = list(_plan(in_london(world.now).date(), world.locality))
    events = [make_event(rng, each, venues=venues, now=world.now, domain=world.domain) for each in planned]
    published_at = world.now - timedelta(days=21)
    series = Series(slug="sleep-step-by-step", title=_COURSE.title, summary=_COURSE.summary, is_demo=True)
    for event in events:
        event.series = series
        event.first_published_at = event.changed_at = event.created_at = published_at
    return DemoCourse(events=events, drawn=list(_bookings(mine, planned, events)))


def who_may_come(events: Sequence[Event]) -> Iterator[MayCome]:
    """Let a few people say that they may come to the open drop-ins ahead; the sessions have their ids."""
    for event in events:
        if event.booking_mode == BookingMode.OPEN and event.status == EventStatus.PUBLISHED:
            yield from (MayCome(event_id=event.id, adults=adults, children=adults - 1) for adults in MAY_COME)


def _plan(today: date, locality: Locality) -> Iterator[PlannedSession]:
    place = next(place for place in PLACES if place.code == _VENUE)
    day, found = today + FIRST_AFTER, 0
    while found < DATES:
        is_holiday = school_time(day, locality.terms, locality.bank_holidays) == SchoolTime.HOLIDAY
        if day.weekday() == TUESDAY and is_open_day(day, locality) and not is_holiday:
            found += 1
            yield PlannedSession(template=_COURSE, place=place, starts_at=london_time(day, 10, 30))
        day += timedelta(days=1)


def _bookings(world: World, planned: Sequence[PlannedSession], events: Sequence[Event]) -> Iterator[Drawn]:
    near = [each for each in world.households if each.district == "canterbury" and not each.is_young_person]
    families = world.rng.sample(near, BOOK_ALL + BOOK_SOME)
    for number, household in enumerate(families):
        chosen = range(DATES) if number < BOOK_ALL else sorted(world.rng.sample(range(DATES), 2))
        yield from _book(world, household, [(planned[date], events[date]) for date in chosen])


def _book(world: World, household: Household, dates: Sequence[tuple[PlannedSession, Event]]) -> Iterator[Drawn]:
    at = world.now - timedelta(hours=world.rng.randrange(10, 200))
    party = Party(household=household, adults=tuple(household.row.adults[:1]), at=at)
    group = str(uuid.UUID(int=world.rng.getrandbits(128), version=4))
    for planned, event in dates:
        booked = book_party(world, planned, event, party, queue_moves=False)
        if booked is not None:
            booked.row.group_key = group
            yield booked
