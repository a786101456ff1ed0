"""Fill an empty database with the demonstration: Kent's places, sessions and invented families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Event, Venue
from booking.services.demo.aftermath import cancel_for_snow, hold, let_families_cancel, tell_of_the_move
from booking.services.demo.agreed import make_targets
from booking.services.demo.bookings import Drawn, World, draw_bookings, draw_walk_ins
from booking.services.demo.course import DemoCourse, make_course_of_tuesdays, who_may_come
from booking.services.demo.events import make_event
from booking.services.demo.feedback import make_feedback
from booking.services.demo.heard import make_heard
from booking.services.demo.issues import make_issues
from booking.services.demo.paperwork import write_paperwork
from booking.services.demo.people import draw_households
from booking.services.demo.plan import PlannedSession, history_start, plan_sessions
from booking.services.demo.pupils import make_pupils
from booking.services.demo.readers import make_readers
from booking.services.demo.story import Story, story_sessions
from booking.services.demo.suppliers import make_suppliers
from booking.services.demo.unmet import make_wishes
from booking.services.demo.venues import PLACES, make_venue

SEED = 2019


@dataclass(frozen=True, kw_only=True)
class DemoMade:
    """How much was made."""

    venues: int
    sessions: int
    families: int
    bookings: int


def make_demo(
    *, locality: Locality, domain: str, seed: int = SEED, say: Callable[[str], None] = lambda _sentence: None
) -> DemoMade | None:
    """Make the demonstration, the same for one seed and day; None if there are venues already."""
    if db.session.scalar(select(Venue.id).limit(1)) is not None:
        return None
    now = clock.now()
    rng = Random(seed)  # noqa: S311 (it draws a story, no secret)
    venues = _make_venues()
    say(f"{len(venues)} places")
    make_pupils(history_start(clock.today()))
    make_targets(history_start(clock.today()))
    planned = _plan(rng, locality=locality)
    events = _make_events(rng, planned, venues=venues, now=now, domain=domain)
    say(f"{len(events)} sessions")
    households = draw_households(rng, start=history_start(clock.today()), today=clock.today())
    world = World(rng=rng, now=now, domain=domain, locality=locality, households=households)
    course = make_course_of_tuesdays(world, venues)
    drawn = _make_bookings(world, planned, events, course)
    write_paperwork(rng, drawn, households=households, now=now)
    make_suppliers((need for each in drawn for need in each.row.needs), venues)
    db.session.add_all(make_wishes(now=now))
    db.session.add_all(make_feedback((each.row for each in drawn), now=now))
    make_readers(now=now, locality=locality)
    db.session.flush()
    db.session.add_all(make_issues(events, now=now))
    db.session.add_all(make_heard(events, now=now))
    db.session.flush()
    say(f"{len(drawn)} bookings of {len(households)} families")
    return DemoMade(venues=len(venues), sessions=len(events), families=len(households), bookings=len(drawn))


def _make_venues() -> dict[str, Venue]:
    today = clock.today()
    venues = {place.code: make_venue(place, today=today) for place in PLACES}
    db.session.add_all(venues.values())
    db.session.flush()
    return venues


def _plan(rng: Random, *, locality: Locality) -> list[PlannedSession]:
    """Put the story first: an ordinary session that would be in the same place on the same day gives way."""
    today = clock.today()
    sessions: dict[tuple[object, ...], PlannedSession] = {}
    story = story_sessions(today=today, locality=locality)
    for planned in (*story, *plan_sessions(rng, today=today, locality=locality)):
        place = planned.place
        key = (clock.in_london(planned.starts_at).date(), place.code, planned.template.number if not place.lat else 0)
        sessions.setdefault(key, planned)
    return sorted(sessions.values(), key=lambda planned: planned.starts_at)


def _make_events(
    rng: Random, planned: list[PlannedSession], *, venues: dict[str, Venue], now: datetime, domain: str
) -> list[Event]:
    events = [make_event(rng, each, venues=venues, now=now, domain=domain) for each in planned]
    db.session.add_all(events)
    db.session.flush()
    return events


def _make_bookings(world: World, planned: list[PlannedSession], events: list[Event], course: DemoCourse) -> list[Drawn]:
    drawn = [booking for each, event in zip(planned, events, strict=True) for booking in _fill(world, each, event)]
    drawn += course.drawn
    db.session.add_all(course.events)
    db.session.add_all(who_may_come([event for event in events if event.starts_at > world.now]))
    for each in drawn:
        if each.row.family is not None:
            each.row.family.created_at = min(each.row.family.created_at, each.row.created_at)
    db.session.add_all(household.row for household in world.households)
    db.session.flush()
    db.session.add_all(each.row for each in sorted(drawn, key=lambda each: each.row.created_at))
    db.session.flush()
    return drawn


def _fill(world: World, planned: PlannedSession, event: Event) -> list[Drawn]:
    """Let happen to one session what happened to it, in order."""
    drawn = draw_bookings(world, planned, event)
    if planned.story == Story.SNOW:
        cancel_for_snow(event, drawn)
    if planned.story == Story.VENUE_CHANGE:
        tell_of_the_move(event, drawn)
    let_families_cancel(world, planned, event, drawn)
    drawn += draw_walk_ins(world, planned, event, booked=drawn)
    if event.ends_at < world.now and planned.story != Story.SNOW:
        hold(world, planned, event, drawn)
    return drawn
