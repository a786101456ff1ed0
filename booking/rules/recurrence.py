"""The days of a session that is repeated by a rule, and which of them fall on a holiday."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from booking.locality.kinds import Term
from booking.rules.calendar_periods import NoSchool, no_school

MOST_DATES = 52
"""A year of weeks. Who asks for more has most likely mistyped, and nobody reads a longer list before saving it."""
LOOKED_AT = timedelta(days=3 * 366)
"""How far ahead days are looked at, at most: nobody plans further (`session_times.FURTHEST`)."""


class Every(StrEnum):
    """How often a session is repeated."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    THREE_WEEKS = "three_weeks"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"
    MONTH_END = "month_end"


_WEEKS = {Every.WEEK: 1, Every.TWO_WEEKS: 2, Every.THREE_WEEKS: 3, Every.FOUR_WEEKS: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """So many dates after the first, or all until a day; holidays are skipped unless they are wanted."""

    every: Every
    number: int = MOST_DATES
    until: date | None = None
    skips_bank_holidays: bool = True
    skips_school_holidays: bool = True


@dataclass(frozen=True, slots=True)
class RepeatDay:
    """A day that the rule comes to; `bank_holiday` is its name. One that is skipped does not count."""

    day: date
    bank_holiday: str
    no_school: NoSchool | None
    is_skipped: bool


class TooManyDates(ValueError):
    """The rule makes more dates than anybody could look through."""


def days_after(
    first: date,
    rule: Rule,
    *,
    terms: Sequence[Term],
    bank_holidays: Mapping[date, str],
    taken: Collection[date] = (),
    after: date | None = None,
) -> list[RepeatDay]:
    """Return the days after the first that the rule comes to, the skipped ones among them. Raise TooManyDates.

    Days that are `taken` (the series has them already) and those up to `after` (today) are left out.
    """
    if rule.number > MOST_DATES:
        raise TooManyDates
    last = min(rule.until or date.max, (after or first) + LOOKED_AT)
    days: list[RepeatDay] = []
    kept = 0
    for day in _days(first, rule.every):
        if kept >= rule.number or day > last:
            break
        if day in taken or (after and day <= after):
            continue
        days.append(_look(day, rule, terms, bank_holidays))
        kept += not days[-1].is_skipped
    if kept == MOST_DATES and rule.until and _goes_on(days[-1].day, rule, last):
        raise TooManyDates
    return days


def has_every_month(day: date) -> bool:
    """Tell whether each month has such a day: not each has a fifth Tuesday."""
    return day.day <= 28


def _goes_on(day: date, rule: Rule, last: date) -> bool:
    return next(_days(day, rule.every)) <= last


def _look(day: date, rule: Rule, terms: Sequence[Term], bank_holidays: Mapping[date, str]) -> RepeatDay:
    feast, away = bank_holidays.get(day, ""), no_school(day, terms)
    is_skipped = bool((feast and rule.skips_bank_holidays) or (away and rule.skips_school_holidays))
    return RepeatDay(day, feast, away, is_skipped)


def _days(first: date, every: Every) -> Iterator[date]:
    """Go through the days after the first, without an end."""
    if every in _WEEKS:
        step = timedelta(weeks=_WEEKS[every])
        day = first
        while True:
            day += step
            yield day
    month = first
    while True:
        month = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
        day = _last_in(month, first.weekday()) if every == Every.MONTH_END else _same_in(month, first)
        if day.month == month.month:
            yield day


def _same_in(month: date, first: date) -> date:
    """Return the same weekday of a month (the second Tuesday); in the month after where there is no fifth."""
    to_weekday = (first.weekday() - month.weekday()) % 7
    return month + timedelta(days=to_weekday, weeks=(first.day - 1) // 7)


def _last_in(month: date, weekday: int) -> date:
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7)
