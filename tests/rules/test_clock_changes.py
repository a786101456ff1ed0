"""The weekends on which the clocks change."""

from datetime import date

import pytest

from booking.rules.clock_changes import ClockChange, clock_change_near

BACK = ClockChange(date(2026, 10, 25), forward=False)
FORWARD = ClockChange(date(2027, 3, 28), forward=True)


@pytest.mark.parametrize(
    ("day", "change"),
    [
        (date(2026, 10, 23), None),
        (date(2026, 10, 24), BACK),
        (date(2026, 10, 25), BACK),
        (date(2026, 10, 26), BACK),
        (date(2026, 10, 27), None),
        (date(2027, 3, 27), FORWARD),
        (date(2027, 3, 28), FORWARD),
        (date(2027, 3, 29), FORWARD),
        (date(2027, 6, 1), None),
    ],
)
def test_is_found_from_the_day_before_to_the_day_after(day: date, change: ClockChange | None) -> None:
    assert clock_change_near(day) == change
