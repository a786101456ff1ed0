"""Half-years, calendar quarters, school terms and years, and any days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.rules.calendar_periods import Period
from booking.rules.other_periods import between, find_period, offered

TERMS = get_locality("kent").terms


@pytest.mark.parametrize(
    ("code", "label", "first", "last"),
    [
        ("2026-27-H1", "2026-27 first half (April to September 2026)", "2026-04-01", "2026-09-30"),
        ("2026-27-H2", "2026-27 second half (October 2026 to March 2027)", "2026-10-01", "2027-03-31"),
        ("2026-C1", "2026 calendar quarter 1 (January to March 2026)", "2026-01-01", "2026-03-31"),
        ("2026-C4", "2026 calendar quarter 4 (October to December 2026)", "2026-10-01", "2026-12-31"),
        ("2026-27-S", "School year 2026-27 (September 2026 to August 2027)", "2026-09-01", "2027-08-31"),
        ("2024-25-T2", "Term 2 of 2024-25 (4 November to 20 December 2024)", "2024-11-04", "2024-12-20"),
        (
            "2026-04-10_2026-05-20",
            "Chosen days (10 April to 20 May 2026)",
            "2026-04-10",
            "2026-05-20",
        ),
        ("2026-27-Q3", "2026-27 Q3 (October to December 2026)", "2026-10-01", "2026-12-31"),
    ],
)
def test_each_is_said_with_its_months_or_days(code: str, label: str, first: str, last: str) -> None:
    period = find_period(code, TERMS)
    assert (period.label, period.start.isoformat(), period.end.isoformat()) == (label, first, last)
    assert find_period(period.code, TERMS) == period


@pytest.mark.parametrize(
    "text",
    ["", "Q3", "2026-28-H1", "2026-27-H3", "2026-C5", "2026-27-T7", "2030-31-T1", "2026-13-01_2026-14-01", "2026-28-S"],
)
def test_what_is_no_period_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        find_period(text, TERMS)


def test_days_end_after_they_begin_and_are_not_too_many() -> None:
    day = date(2026, 4, 10)
    with pytest.raises(ValueError, match="before the first"):
        between(day, day - timedelta(days=1))
    with pytest.raises(ValueError, match="three years"):
        between(day, day + timedelta(days=1200))
    assert day in between(day, day)


@given(st.dates(date(2024, 4, 1), date(2040, 12, 31)))
def test_whatever_is_offered_can_be_found_and_has_begun(today: date) -> None:
    for _name, periods in offered(today, TERMS):
        for period in periods:
            assert find_period(period.code, TERMS) == period
            assert period.start <= today


def test_only_a_financial_quarter_is_one() -> None:
    assert [each.is_quarter for each in (find_period("2026-27-Q1", TERMS), find_period("2026-C1", TERMS))] == [
        True,
        False,
    ]


def test_the_latest_quarter_is_offered_first() -> None:
    kinds: dict[str, list[Period]] = dict(offered(date(2026, 6, 16), TERMS))
    assert [periods[0].code for periods in kinds.values()] == [
        "2026-27-Q1",
        "2026-27-H1",
        "2026-27",
        "2026-C2",
        "2025-26-T6",
        "2025-26-S",
    ]
