"""Where and when sessions were held and families reached: one cell for each district of a venue and time of day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.rules.calendar_periods import Period
from booking.rules.engagement.facts import Facts, SessionState, came
from booking.rules.engagement.narrowing import is_one_small_session

At = tuple[str, str]
"""A district, or online, and a time of day."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """What was held in a district at a time of day. `families` is None where one small session would be told apart."""

    sessions: int = 0
    families: int | None = 0

    @property
    def is_small(self) -> bool:
        """Whether it is one session that fewer than five people came to."""
        return self.families is None


def heat(period: Period, facts: Facts) -> dict[At, HeatCell]:
    """Count held sessions and the different families that came, in each cell that has a session."""
    held: dict[At, set[int]] = {}
    for session in facts.sessions:
        if session.day in period and session.state == SessionState.HELD:
            held.setdefault((session.district, session.time_band), set()).add(session.id)
    families: dict[At, set[int]] = {}
    people: dict[At, int] = {}
    for place in facts.places:
        at = (place.session.district, place.session.time_band)
        if place.session.id in held.get(at, ()) and place.is_participant and came(place):
            people[at] = people.get(at, 0) + 1
            if place.family is not None:
                families.setdefault(at, set()).add(place.family)
    return {
        at: HeatCell(
            len(sessions),
            None if is_one_small_session(held=len(sessions), people=people.get(at, 0)) else len(families.get(at, ())),
        )
        for at, sessions in held.items()
    }


def times_without(cells: Iterable[At], *, districts: Iterable[str], bands: Iterable[str]) -> dict[str, list[str]]:
    """List for each time of day the districts where nothing was held then."""
    there = set(cells)
    places = list(districts)
    return {band: missing for band in bands if (missing := [each for each in places if (each, band) not in there])}
