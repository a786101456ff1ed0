"""The sessions the demonstration tells a story with; each stands at a known distance from today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from booking.clock import london_time
from booking.locality.kinds import Locality
from booking.services.demo.plan import PlannedSession, is_open_day
from booking.services.demo.templates import template
from booking.services.demo.venues import PLACES


class Story(StrEnum):
    """What a session is there to show."""

    TODAY_MORNING = "today_morning"
    TODAY_EVENING = "today_evening"
    TOMORROW = "tomorrow"
    ASHFORD_FORUM = "ashford_forum"
    ASHFORD_DROP_IN = "ashford_drop_in"
    ASHFORD_DEAF_FRIENDLY = "ashford_deaf_friendly"
    FULL_ROADSHOW = "full_roadshow"
    JUST_TURN_UP = "just_turn_up"
    CONFIDENTIAL = "confidential"
    STAIRS = "stairs"
    LAST_PLACES = "last_places"
    DRAFT = "draft"
    BROKEN_LOOP = "broken_loop"
    VENUE_CHANGE = "venue_change"
    SNOW = "snow"


# (story, template, venue, days from today, start)
_SESSIONS = (
    (Story.TODAY_MORNING, 4, "MAI1", 0, (10, 0)),
    (Story.TODAY_EVENING, 10, "FOL1", 0, (19, 0)),
    (Story.TOMORROW, 2, "SWA1", 1, (10, 0)),
    (Story.JUST_TURN_UP, 3, "THA1", 4, (10, 0)),
    (Story.LAST_PLACES, 9, "TON1", 8, (10, 0)),
    (Story.ASHFORD_FORUM, 1, "ASH1", 11, (10, 0)),
    (Story.CONFIDENTIAL, 11, "SEV2", 15, (10, 0)),
    (Story.ASHFORD_DROP_IN, 2, "ASH1", 18, (12, 30)),
    (Story.STAIRS, 1, "SWA3", 22, (18, 30)),
    (Story.FULL_ROADSHOW, 13, "MAI1", 25, (10, 0)),
    (Story.DRAFT, 12, "CAN3", 36, (10, 0)),
    (Story.ASHFORD_DEAF_FRIENDLY, 14, "ASH1", 39, (10, 0)),
    (Story.BROKEN_LOOP, 4, "GRA1", -44, (10, 0)),
    (Story.VENUE_CHANGE, 1, "SWA1", -30, (10, 0)),
)
_SNOW_DAY = 20


def story_sessions(*, today: date, locality: Locality) -> Iterator[PlannedSession]:
    """Give the sessions of the story. Today and tomorrow are what they are; the others fall on open days."""
    for story, number, venue, days, start in _SESSIONS:
        day = today + timedelta(days=days)
        yield _session(story, number, venue, on=day if days in (0, 1) else _open_day(day, locality), start=start)
    yield _session(Story.SNOW, 1, "DOV2", on=_open_day(last_january(today), locality), start=(10, 0))


def last_january(today: date) -> date:
    """Return the day in January when it last snowed."""
    this_year = date(today.year, 1, _SNOW_DAY)
    return this_year if this_year < today - timedelta(days=14) else date(today.year - 1, 1, _SNOW_DAY)


def _session(story: Story, number: int, venue: str, *, on: date, start: tuple[int, int]) -> PlannedSession:
    chosen = template(number)
    place = next(place for place in PLACES if place.code == venue)
    return PlannedSession(template=chosen, place=place, starts_at=london_time(on, *start), story=story)


def _open_day(day: date, locality: Locality) -> date:
    while not is_open_day(day, locality):
        day += timedelta(days=1)
    return day
