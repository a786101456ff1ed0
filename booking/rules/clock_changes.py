"""When the clocks change near a day: people who plan a journey then ask which time is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The day on which the clocks change, and whether they go forward."""

    day: date
    forward: bool


def clock_change_near(day: date) -> ClockChange | None:
    """Find the change on this day, the day before or the day after: in practice the weekend and its Monday."""
    for near in (day, day - timedelta(days=1), day + timedelta(days=1)):
        before, after = _offset(near), _offset(near + timedelta(days=1))
        if before != after:
            return ClockChange(near, forward=after > before)
    return None


def _offset(day: date) -> timedelta:
    offset = datetime.combine(day, time(0), tzinfo=_LONDON).utcoffset()
    assert offset is not None
    return offset
