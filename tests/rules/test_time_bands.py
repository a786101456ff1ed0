"""The bands of metric M53, at their edges and across the clock change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from booking.rules.time_bands import TimeBand, time_band

LONDON = ZoneInfo("Europe/London")


def _at(day: int, clock: str, *, month: int = 11) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "end", "band"),
    [
        ("09:30", "14:30", "school_run_safe"),
        ("10:00", "12:00", "school_run_safe"),
        ("09:29", "12:00", "daytime"),
        ("13:00", "14:31", "daytime"),
        ("14:59", "16:30", "daytime"),
        ("15:00", "16:30", "after_school"),
        ("17:59", "19:00", "after_school"),
        ("18:00", "19:00", "evening"),
        ("19:00", "20:30", "evening"),
    ],
)
def test_a_monday_in_term(start: str, end: str, band: str) -> None:
    assert time_band(_at(23, start), _at(23, end), in_term=True) == band


def test_there_is_no_school_run_in_the_holidays() -> None:
    assert time_band(_at(28, "10:00", month=12), _at(28, "12:00", month=12), in_term=False) == TimeBand.DAYTIME


@pytest.mark.parametrize("start", ["08:00", "10:00", "16:00", "19:00"])
@pytest.mark.parametrize("day", [28, 29])
def test_the_weekend_is_one_band(start: str, day: int) -> None:
    assert time_band(_at(day, start), _at(day, "21:00"), in_term=True) == TimeBand.WEEKEND


def test_a_session_past_midnight_is_not_school_run_safe() -> None:
    assert time_band(_at(23, "10:00"), _at(24, "11:00"), in_term=True) == TimeBand.DAYTIME


def test_stored_times_are_read_in_london() -> None:
    starts, ends = datetime(2026, 7, 1, 17, 0, tzinfo=UTC), datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
    assert time_band(starts, ends, in_term=True) == TimeBand.EVENING


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        time_band(datetime(2026, 7, 1, 17), datetime(2026, 7, 1, 18), in_term=True)  # noqa: DTZ001
