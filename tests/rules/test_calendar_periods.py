"""Reporting periods with their golden dates, working days and school terms."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.rules.calendar_periods import (
    add_working_days,
    financial_year_of,
    freeze_date,
    is_term_time,
    is_working_day,
    local_date,
    next_period,
    parse_period,
    period_of,
    previous_period,
    term_of,
)

KENT = get_locality("kent")
LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(2019, 1, 1), date(2049, 12, 31))


class TestGoldenDates:
    @pytest.mark.parametrize(
        ("moment", "code"),
        [
            (datetime(2026, 11, 23, 12, tzinfo=LONDON), "2026-27-Q3"),
            (datetime(2027, 3, 31, 19, tzinfo=LONDON), "2026-27-Q4"),
            (datetime(2027, 4, 1, 0, tzinfo=LONDON), "2027-28-Q1"),
            (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-27-Q2"),
            (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2026-27-Q3"),
        ],
    )
    def test_a_moment_belongs_to_the_quarter_of_its_date_in_london(self, moment: datetime, code: str) -> None:
        assert period_of(local_date(moment)).code == code

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            local_date(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001


class TestLabel:
    @pytest.mark.parametrize(
        ("code", "label"),
        [
            ("2026-27-Q1", "2026-27 Q1 (April to June 2026)"),
            ("2026-27-Q2", "2026-27 Q2 (July to September 2026)"),
            ("2026-27-Q3", "2026-27 Q3 (October to December 2026)"),
            ("2026-27-Q4", "2026-27 Q4 (January to March 2027)"),
            ("2026-27", "2026-27 (April 2026 to March 2027)"),
            ("2099-00-Q1", "2099-00 Q1 (April to June 2099)"),
        ],
    )
    def test_a_quarter_is_never_said_without_its_months(self, code: str, label: str) -> None:
        assert parse_period(code).label == label


class TestPeriods:
    @given(DAYS)
    def test_every_day_lies_in_exactly_its_own_quarter(self, day: date) -> None:
        period = period_of(day)
        assert day in period
        assert parse_period(period.code) == period
        assert day not in next_period(period)
        assert day not in previous_period(period)
        assert 90 <= (period.end - period.start).days + 1 <= 92

    @given(DAYS)
    def test_quarters_follow_without_gap(self, day: date) -> None:
        quarters = [period_of(day)]
        for _ in range(4):
            quarters.append(next_period(quarters[-1]))
        assert all(one.end + timedelta(days=1) == two.start for one, two in pairwise(quarters))
        assert previous_period(quarters[1]) == quarters[0]

    @given(DAYS)
    def test_a_year_is_its_four_quarters(self, day: date) -> None:
        year = financial_year_of(day)
        quarters = [parse_period(f"{year.code}-Q{number}") for number in (1, 2, 3, 4)]
        assert (quarters[0].start, quarters[3].end) == (year.start, year.end)
        assert next_period(year).start == year.end + timedelta(days=1)

    @pytest.mark.parametrize("text", [" 2026-27-q3 ", "2026-27 Q3", "2026-27Q3"])
    def test_people_may_write_it_loosely(self, text: str) -> None:
        assert parse_period(text).code == "2026-27-Q3"

    @pytest.mark.parametrize(
        "text", ["", "Q3", "2026-Q3", "2026-28-Q3", "2026-27-Q5", "2026-27-Q0", "1926-27", "２０26-27"]
    )
    def test_what_is_no_period_is_refused_with_a_sentence(self, text: str) -> None:
        with pytest.raises(ValueError, match="2026-27-Q3"):
            parse_period(text)


class TestWorkingDays:
    def test_christmas_is_stepped_over(self) -> None:
        assert add_working_days(date(2026, 12, 24), 1, KENT.bank_holidays) == date(2026, 12, 29)
        assert add_working_days(date(2026, 12, 29), -1, KENT.bank_holidays) == date(2026, 12, 24)

    def test_figures_freeze_ten_working_days_after_the_quarter(self) -> None:
        assert freeze_date(parse_period("2026-27-Q3"), KENT.bank_holidays) == date(2027, 1, 15)

    @given(DAYS, st.integers(1, 30))
    def test_there_and_back_is_home_from_a_working_day(self, day: date, days: int) -> None:
        start = add_working_days(day, 1, KENT.bank_holidays)
        end = add_working_days(start, days, KENT.bank_holidays)
        assert is_working_day(end, KENT.bank_holidays)
        assert add_working_days(end, -days, KENT.bank_holidays) == start
        between = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
        assert sum(is_working_day(each, KENT.bank_holidays) for each in between) == days

    def test_no_days_is_the_same_day(self) -> None:
        assert add_working_days(date(2026, 11, 22), 0, ()) == date(2026, 11, 22)


class TestTerms:
    @pytest.mark.parametrize(
        ("day", "open_"),
        [
            (date(2026, 11, 23), True),
            (date(2026, 11, 22), False),
            (date(2026, 10, 26), False),
            (date(2026, 12, 18), True),
            (date(2026, 12, 21), False),
            (date(2027, 5, 3), False),
            (date(2030, 11, 4), False),
        ],
    )
    def test_term_time(self, day: date, open_: bool) -> None:
        assert is_term_time(day, KENT.terms, KENT.bank_holidays) is open_

    def test_the_term_of_a_day(self) -> None:
        term = term_of(date(2026, 11, 23), KENT.terms)
        assert term is not None
        assert (term.school_year, term.number) == ("2026-27", 2)
        assert term_of(date(2026, 8, 15), KENT.terms) is None
