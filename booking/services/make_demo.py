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
from booking.services.demo.events import make_event
from booking.services.demo.plan import PlannedSession, plan_sessions
from booking.services.demo.story import story_sessions
from booking.services.demo.venues import PLACES, make_venue

SEED = 2019


@dataclass(frozen=True, kw_only=True)
class DemoMade:
    """How much was made."""

    venues: int
    sessions: int


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
    planned = _plan(rng, locality=locality)
    events = _make_events(rng, planned, venues=venues, now=now, domain=domain)
    say(f"{len(events)} sessions")
    return DemoMade(venues=len(venues), sessions=len(events))


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
