"""Say how a desk stands, to the door and to a waiting room: in times and minutes, never in names. In English."""

from __future__ import annotations

from collections.abc import Iterable

from booking.formats.words_for import clock_time
from booking.rules.running_board import Visit

WITHOUT_A_TIME = "somebody without a booked time"


def late_in_words(minutes: int) -> str:
    """Return how late a desk runs."""
    if minutes <= 0:
        return "Running on time"
    return f"Running about {minutes} minutes late"


def whose_time(visit: Visit) -> str:
    """Return by which time somebody knows that they are meant."""
    return clock_time(visit.starts_at) if visit.starts_at else WITHOUT_A_TIME


def whose_times(visits: Iterable[Visit], last: str = "and") -> str:
    """Return the times of several, each once; nobody's are "nobody"."""
    *times, end = dict.fromkeys(whose_time(visit) for visit in visits) or ("nobody",)
    return f"{', '.join(times)} {last} {end}" if times else end


def number_without_a_time(visits: Iterable[Visit]) -> int:
    """Count who waits without a booked time."""
    return sum(visit.starts_at is None for visit in visits)
