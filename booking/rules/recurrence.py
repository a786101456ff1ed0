"""The days of a course: every so many weeks, and which of them fall on a holiday."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.locality.kinds import Term
from booking.rules.calendar_periods import SchoolTime, school_time

LOOKED_AT = 60
"""How many weeks are looked at for days without a holiday, at most."""


@dataclass(frozen=True, slots=True)
class CourseDay:
    """A day that would come next. `bank_holiday` is its name; in the holidays many families are away."""

    day: date
    bank_holiday: str
    is_school_holiday: bool

    @property
    def is_free(self) -> bool:
        """Tell whether nothing speaks against it."""
        return not self.bank_holiday and not self.is_school_holiday


def days_after(
    first: date,
    *,
    number: int,
    every: int,
    terms: Sequence[Term],
    bank_holidays: Mapping[date, str],
    taken: Collection[date] = (),
) -> list[CourseDay]:
    """Return the days on the same weekday after the first until so many are free; those on holidays are among them.

    Days that are `taken` (the course has them already) are left out.
    """
    days: list[CourseDay] = []
    for weeks in range(every, LOOKED_AT + 1, every):
        if sum(each.is_free for each in days) >= number:
            break
        day = first + timedelta(weeks=weeks)
        if day not in taken:
            days.append(_look(day, terms, bank_holidays))
    return days


def _look(day: date, terms: Sequence[Term], bank_holidays: Mapping[date, str]) -> CourseDay:
    is_holiday = school_time(day, terms, bank_holidays) == SchoolTime.HOLIDAY
    return CourseDay(day, bank_holidays.get(day, ""), is_holiday and day not in bank_holidays)
