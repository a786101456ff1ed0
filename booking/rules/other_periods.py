"""The periods beside the financial quarter that figures can be asked for.

Half-years of the financial year (six-monthly reviews), quarters of the calendar year, school terms and school years,
and any days. The codes stand in addresses: `2026-27-H1`, `2026-C3`, `2026-27-T1`, `2026-27-S`,
`2026-04-10_2026-05-20`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from booking.locality.kinds import N_, Term
from booking.rules.calendar_periods import Period, financial_year_of, parse_period, period_of, previous_period

LONGEST = timedelta(days=3 * 366)
_ORDER = ("first", "second")


def find_period(text: str, terms: Sequence[Term]) -> Period:
    """Read the code of any period; raise ValueError with a sentence for anything else."""
    text = text.strip().upper()
    if match := re.fullmatch(r"(20\d\d)-(\d\d)-H([12])", text, flags=re.ASCII):
        return _half(parse_period(text[:7]), int(match[3]))
    if match := re.fullmatch(r"(20\d\d)-C([1-4])", text, flags=re.ASCII):
        return _calendar_quarter(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(20\d\d-\d\d)-T([1-6])", text, flags=re.ASCII):
        return _term(match[1], int(match[2]), terms)
    if match := re.fullmatch(r"(20\d\d)-(\d\d)-S", text, flags=re.ASCII):
        return _school_year(parse_period(text[:7]).start.year)
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)", text, flags=re.ASCII):
        return between(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    return parse_period(text)


def between(first: date, last: date) -> Period:
    """Give the period of any days, both included. Raise ValueError when it ends before it begins, or is too long."""
    if last < first:
        raise ValueError("The last day is before the first.")
    if last - first > LONGEST:
        raise ValueError("Please choose three years or less.")
    return Period(first, last, f"{first.isoformat()}_{last.isoformat()}", name="Chosen days", by_day=True)


def offered(today: date, terms: Sequence[Term], *, quarters: int = 9) -> list[tuple[str, list[Period]]]:
    """List the periods that can be chosen, the latest first, each kind under its name."""
    last = [period_of(today)]
    while len(last) < quarters:
        last.append(previous_period(last[-1]))
    years = sorted({financial_year_of(each.start) for each in last}, reverse=True)
    halves = [_half(year, number) for year in years for number in (2, 1)]
    calendar = [_calendar_quarter(each.start.year, (each.start.month - 1) // 3 + 1) for each in last]
    schools = [_school_year(year.start.year) for year in years]
    in_terms = [_term(each.school_year, each.number, terms) for each in reversed(terms)]
    kinds = (
        (N_("Quarters of the financial year"), last),
        (N_("Half-years"), halves),
        (N_("Financial years"), years),
        (N_("Quarters of the calendar year"), calendar),
        (N_("School terms"), in_terms),
        (N_("School years"), schools),
    )
    return [
        (name, [each for each in periods if last[-1].start <= each.end and each.start <= today])
        for name, periods in kinds
    ]


def _half(year: Period, number: int) -> Period:
    first, last = (parse_period(f"{year.code}-Q{quarter}") for quarter in (2 * number - 1, 2 * number))
    return Period(first.start, last.end, f"{year.code}-H{number}", name=f"{year.code} {_ORDER[number - 1]} half")


def _calendar_quarter(year: int, number: int) -> Period:
    quarter = period_of(date(year, 3 * number, 1))
    return Period(quarter.start, quarter.end, f"{year}-C{number}", name=f"{year} calendar quarter {number}")


def _school_year(year: int) -> Period:
    code = f"{year}-{(year + 1) % 100:02d}"
    return Period(date(year, 9, 1), date(year + 1, 8, 31), f"{code}-S", name=f"School year {code}")


def _term(school_year: str, number: int, terms: Sequence[Term]) -> Period:
    found = [term for term in terms if (term.school_year, term.number) == (school_year, number)]
    if not found:
        raise ValueError(f"The days of term {number} of {school_year} are not known here.")
    term = found[0]
    note = ", days not published yet" if term.illustrative else ""
    return Period(
        term.start, term.end, f"{school_year}-T{number}", name=f"Term {number} of {school_year}{note}", by_day=True
    )
