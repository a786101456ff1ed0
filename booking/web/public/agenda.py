"""What happens in a session, in order, with the time by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from booking.formats import words_for
from booking.queries.session_page import ShownSession


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, and when it begins."""

    at: str
    what: str
    minutes: int


def agenda_of(event: ShownSession) -> list[Step]:
    """Turn the lengths of an agenda into times. Added up in UTC, so that a change of the clocks is no trap."""
    steps, at = [], event.starts_at
    for minutes, what in event.agenda:
        steps.append(Step(words_for.clock_time(at), what, minutes))
        at += timedelta(minutes=minutes)
    return steps
