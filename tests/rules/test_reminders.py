"""When a family is reminded, on both sides of a clock change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from booking.clock import in_london, london_time
from booking.rules.reminders import closes_at, is_quiet, may_remind, reminder_open
from booking.rules.words import MessageKind

WEEK, THREE, ONE = MessageKind.REMINDER_7_DAYS, MessageKind.REMINDER_3_DAYS, MessageKind.REMINDER_1_DAY
MORNING = MessageKind.REMINDER_MORNING
LONG_AGO = london_time(date(2026, 1, 5), 12)


def opens(starts_at: datetime) -> dict[MessageKind, datetime]:
    """Return the first quarter of an hour at which each reminder is open."""
    moment = starts_at - timedelta(days=9)
    found: dict[MessageKind, datetime] = {}
    while moment < starts_at:
        kind = reminder_open(starts_at, now=moment)
        if kind:
            found.setdefault(kind, in_london(moment))
        moment += timedelta(minutes=15)
    return found


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 6, 30),
        date(2026, 10, 25),  # the clocks go back at night
        date(2026, 10, 26),
        date(2026, 10, 28),
        date(2027, 3, 28),  # the clocks go forward at night
        date(2027, 3, 29),
        date(2027, 3, 31),
        date(2027, 1, 2),
    ],
)
class TestTheDays:
    def test_are_counted_on_londons_calendar(self, day: date) -> None:
        found = opens(london_time(day, 10))
        days = {kind: (day - moment.date()).days for kind, moment in found.items()}
        assert days == {WEEK: 7, THREE: 3, ONE: 1, MORNING: 0}
        assert {kind: moment.hour for kind, moment in found.items()} == {WEEK: 8, THREE: 8, ONE: 10, MORNING: 8}

    def test_no_reminder_goes_at_night(self, day: date) -> None:
        starts_at = london_time(day, 10)
        for quarter in range(4 * 24 * 9):
            moment = starts_at - timedelta(minutes=15 * quarter)
            if reminder_open(starts_at, now=moment):
                assert 8 <= in_london(moment).hour < 21

    def test_the_day_before_is_between_ten_and_six(self, day: date) -> None:
        starts_at = london_time(day, 19)
        before = day - timedelta(days=1)
        assert reminder_open(starts_at, now=london_time(before, 9, 59)) is None
        assert reminder_open(starts_at, now=london_time(before, 10)) == ONE
        assert reminder_open(starts_at, now=london_time(before, 17, 59)) == ONE
        assert reminder_open(starts_at, now=london_time(before, 18)) is None
        assert closes_at(ONE, starts_at) == london_time(before, 18)

    @pytest.mark.parametrize(("hour", "until"), [(9, None), (10, 9), (11, 10), (14, 11), (19, 11)])
    def test_the_morning_is_over_an_hour_before_the_session_or_at_eleven(
        self, day: date, hour: int, until: int | None
    ) -> None:
        starts_at = london_time(day, hour)
        asked = [london_time(day, *divmod(minute, 60)) for minute in range(6 * 60, hour * 60)]
        is_open = [moment for moment in asked if reminder_open(starts_at, now=moment) == MORNING]
        if until is None:
            assert is_open == []
        else:
            assert (is_open[0], is_open[-1]) == (london_time(day, 8), london_time(day, until - 1, 59))


class TestWhoIsReminded:
    STARTS = london_time(date(2026, 6, 30), 10)

    @pytest.mark.parametrize(
        ("kind", "booked", "now", "expected"),
        [
            (THREE, LONG_AGO, london_time(date(2026, 6, 27), 9), True),
            (THREE, london_time(date(2026, 6, 27), 7, 59), london_time(date(2026, 6, 27), 9), True),
            (THREE, london_time(date(2026, 6, 27), 8), london_time(date(2026, 6, 27), 9), False),
            (THREE, LONG_AGO, london_time(date(2026, 6, 26), 9), False),
            (THREE, LONG_AGO, london_time(date(2026, 6, 28), 17, 59), True),
            (THREE, LONG_AGO, london_time(date(2026, 6, 28), 18), False),
            (ONE, london_time(date(2026, 6, 29), 9, 59), london_time(date(2026, 6, 29), 10), True),
            (ONE, london_time(date(2026, 6, 29), 10, 1), london_time(date(2026, 6, 29), 10, 2), False),
            (ONE, LONG_AGO, london_time(date(2026, 6, 30), 9), False),
            (WEEK, london_time(date(2026, 6, 16), 9, 59), london_time(date(2026, 6, 23), 8), True),
            (WEEK, london_time(date(2026, 6, 16), 10), london_time(date(2026, 6, 23), 8), False),
            (WEEK, LONG_AGO, london_time(date(2026, 6, 27), 9), False),
        ],
    )
    def test_depends_on_when_they_booked(
        self, kind: MessageKind, booked: datetime, now: datetime, expected: bool
    ) -> None:
        assert may_remind(kind, starts_at=self.STARTS, booked_at=booked, now=now) is expected


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(20, 59, False), (21, 0, True), (0, 0, True), (7, 59, True), (8, 0, False)]
)
def test_quiet_hours_are_londons(hour: int, minute: int, quiet: bool) -> None:
    for day in (date(2026, 6, 30), date(2026, 12, 1)):
        assert is_quiet(london_time(day, hour, minute)) is quiet
