"""Where a session falls in another term."""

from __future__ import annotations

from datetime import date

from booking.locality import get_locality
from booking.rules.term_copies import days_around, last_and_next, same_day_of

TERMS = get_locality("kent").terms


def test_a_session_keeps_its_week_of_the_term_and_its_weekday() -> None:
    autumn, later = date(2026, 9, 1), date(2026, 11, 2)
    assert same_day_of(date(2026, 9, 8), source=autumn, target=later) == date(2026, 11, 10)
    assert same_day_of(date(2026, 9, 1), source=autumn, target=later) == date(2026, 11, 3)


def test_a_term_that_begins_in_the_middle_of_a_week_has_days_of_its_first_week_before_it() -> None:
    assert same_day_of(date(2026, 11, 2), source=date(2026, 11, 2), target=date(2025, 4, 22)) == date(2025, 4, 21)


def test_a_copy_may_move_by_a_week_but_not_into_the_past() -> None:
    days = days_around(date(2026, 11, 10), after=date(2026, 11, 8))
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 9), date(2026, 11, 17), 9)


def test_the_term_that_has_begun_last_is_copied_to_the_next() -> None:
    last, following = last_and_next(TERMS, today=date(2026, 10, 25))
    assert last is not None
    assert following is not None
    assert (last.school_year, last.number, following.number) == ("2026-27", 1, 2)


def test_before_the_first_and_after_the_last_there_is_none() -> None:
    assert last_and_next(TERMS, today=date(2000, 1, 1))[0] is None
    assert last_and_next(TERMS, today=date(2050, 1, 1))[1] is None
