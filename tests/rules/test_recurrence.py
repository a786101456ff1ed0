"""The days of a course."""

from __future__ import annotations

from datetime import date, timedelta

from booking.locality import get_locality
from booking.rules.recurrence import days_after

KENT = get_locality("kent")


def days(first: date, *, number: int = 5, every: int = 1, taken: tuple[date, ...] = ()) -> dict[date, bool]:
    found = days_after(
        first, number=number, every=every, terms=KENT.terms, bank_holidays=KENT.bank_holidays, taken=taken
    )
    return {each.day: each.is_free for each in found}


class TestDaysAfter:
    def test_are_on_the_same_weekday_and_as_many_as_asked(self) -> None:
        found = days(date(2026, 9, 8))
        assert list(found) == [date(2026, 9, 8) + timedelta(weeks=week) for week in range(1, 6)]
        assert all(found.values())

    def test_name_a_bank_holiday_and_go_on_behind_it(self) -> None:
        found = days_after(date(2026, 4, 20), number=2, every=1, terms=KENT.terms, bank_holidays=KENT.bank_holidays)
        assert [(each.day.day, bool(each.bank_holiday), each.is_free) for each in found] == [
            (27, False, True),
            (4, True, False),
            (11, False, True),
        ]

    def test_say_when_schools_are_closed(self) -> None:
        found = days(date(2026, 10, 20), number=2)
        assert found == {date(2026, 10, 27): False, date(2026, 11, 3): True, date(2026, 11, 10): True}

    def test_may_be_every_second_week(self) -> None:
        assert list(days(date(2026, 9, 8), number=2, every=2)) == [date(2026, 9, 22), date(2026, 10, 6)]

    def test_leave_out_what_the_course_has(self) -> None:
        found = days(date(2026, 9, 8), number=1, taken=(date(2026, 9, 15),))
        assert list(found) == [date(2026, 9, 22)]

    def test_end_even_where_every_day_is_a_holiday(self) -> None:
        first = date(2026, 9, 8)
        all_year = {first + timedelta(days=day): "Feast" for day in range(800)}
        assert len(days_after(first, number=5, every=1, terms=KENT.terms, bank_holidays=all_year)) == 60

    def test_none_are_none(self) -> None:
        assert days(date(2026, 9, 8), number=0) == {}
