"""The days of a session that is repeated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from booking.locality import get_locality
from booking.rules.calendar_periods import NoSchool
from booking.rules.recurrence import MOST_DATES, Every, RepeatDay, Rule, TooManyDates, days_after

KENT = get_locality("kent")
FIRST = date(2026, 9, 8)
"""A Tuesday, the second of its month, in term."""


def looked(first: date, *, taken: tuple[date, ...] = (), after: date | None = None, **rule: Any) -> list[RepeatDay]:
    rule = {"every": Every.WEEK} | rule
    return days_after(first, Rule(**rule), terms=KENT.terms, bank_holidays=KENT.bank_holidays, taken=taken, after=after)


def kept(first: date, **values: Any) -> list[date]:
    return [each.day for each in looked(first, **values) if not each.is_skipped]


class TestWeeks:
    def test_are_on_the_same_weekday_and_as_many_as_asked(self) -> None:
        assert kept(FIRST, number=5) == [FIRST + timedelta(weeks=week) for week in range(1, 6)]

    @pytest.mark.parametrize(("every", "weeks"), [(Every.TWO_WEEKS, 2), (Every.THREE_WEEKS, 3), (Every.FOUR_WEEKS, 4)])
    def test_may_be_further_apart(self, every: Every, weeks: int) -> None:
        assert kept(FIRST, every=every, number=1) == [FIRST + timedelta(weeks=weeks)]

    def test_end_on_the_last_day_itself(self) -> None:
        assert kept(FIRST, until=date(2026, 9, 22)) == [date(2026, 9, 15), date(2026, 9, 22)]
        assert kept(FIRST, until=date(2026, 9, 21)) == [date(2026, 9, 15)]

    def test_end_with_whichever_comes_first(self) -> None:
        assert kept(FIRST, number=1, until=date(2026, 9, 29)) == [date(2026, 9, 15)]


class TestMonths:
    def test_keep_the_weekday_of_the_month(self) -> None:
        found = kept(FIRST, every=Every.MONTH, number=4)
        assert found == [date(2026, 10, 13), date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12)]

    def test_may_be_the_last_such_weekday(self) -> None:
        found = kept(date(2026, 9, 29), every=Every.MONTH_END, number=3, skips_school_holidays=False)
        assert found == [date(2026, 10, 27), date(2026, 11, 24), date(2026, 12, 29)]

    def test_without_a_fifth_such_weekday_are_left_out(self) -> None:
        found = kept(date(2026, 9, 29), every=Every.MONTH, number=2, skips_school_holidays=False)
        assert found == [date(2026, 12, 29), date(2027, 3, 30)]

    def test_go_over_the_turn_of_a_year_from_its_last_day(self) -> None:
        assert kept(date(2026, 12, 31), every=Every.MONTH_END, number=1, skips_school_holidays=False) == [
            date(2027, 1, 28)
        ]


class TestHolidays:
    def test_are_skipped_and_named_and_the_rule_goes_on_behind_them(self) -> None:
        found = looked(date(2026, 4, 20), number=2)
        assert [(each.day.day, each.bank_holiday, each.is_skipped) for each in found] == [
            (27, "", False),
            (4, "Early May bank holiday", True),
            (11, "", False),
        ]

    def test_tell_a_half_term_from_the_long_ones(self) -> None:
        found = {each.day: each.no_school for each in looked(date(2026, 10, 6), until=date(2027, 2, 16))}
        assert found[date(2026, 10, 20)] == found[date(2026, 10, 27)] == found[date(2027, 2, 16)] == NoSchool.HALF_TERM
        assert found[date(2026, 12, 29)] == NoSchool.HOLIDAYS
        assert found[date(2026, 11, 3)] is None

    def test_count_where_they_are_wanted(self) -> None:
        assert date(2026, 10, 27) in kept(date(2026, 10, 20), number=1, skips_school_holidays=False)
        assert kept(date(2026, 4, 27), number=1, skips_bank_holidays=False) == [date(2026, 5, 4)]

    def test_are_not_known_where_no_terms_are_published(self) -> None:
        assert looked(date(2029, 8, 7), number=1)[0].no_school is None

    def test_all_year_round_make_an_end_of_it(self) -> None:
        feasts = {FIRST + timedelta(days=day): "Feast" for day in range(3000)}
        found = days_after(FIRST, Rule(every=Every.WEEK, number=5), terms=KENT.terms, bank_holidays=feasts)
        assert len(found) == 3 * 366 // 7


class TestWhatIsLeftOut:
    def test_is_what_the_series_has(self) -> None:
        assert kept(FIRST, number=1, taken=(date(2026, 9, 15),)) == [date(2026, 9, 22)]

    def test_is_what_is_past_and_it_does_not_count(self) -> None:
        assert kept(date(2025, 9, 9), number=2, after=date(2026, 9, 15)) == [date(2026, 9, 22), date(2026, 9, 29)]

    def test_is_everything_when_none_are_asked_for(self) -> None:
        assert looked(FIRST, number=0) == []


class TestTooMany:
    def test_are_refused_by_number(self) -> None:
        with pytest.raises(TooManyDates):
            looked(FIRST, number=500)

    def test_are_refused_by_the_last_day(self) -> None:
        with pytest.raises(TooManyDates):
            looked(FIRST, until=date(2029, 1, 1))

    def test_are_not_a_year_of_weeks(self) -> None:
        rule = {"skips_school_holidays": False, "skips_bank_holidays": False}
        assert len(looked(FIRST, until=FIRST + timedelta(weeks=MOST_DATES), **rule)) == MOST_DATES
        assert len(looked(FIRST, number=MOST_DATES, **rule)) == MOST_DATES
