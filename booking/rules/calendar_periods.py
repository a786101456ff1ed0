"""The periods figures are reported for, working days and school terms.

A session belongs to the period of its local start date (workstream-1: reporting calendar). The default period is the
quarter of the financial year, April to March, as the council, the NHS and the forum's grant all use it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.locality.kinds import Term

_LONDON = ZoneInfo("Europe/London")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_FREEZE_WORKING_DAYS = 10
_SAID_WORKING_DAYS = 20


class SchoolTime(StrEnum):
    """Whether a day lies in a school term, its weekends among it, or in the school holidays."""

    TERM = "term"
    HOLIDAY = "holiday"


class NoSchool(StrEnum):
    """Why schools are closed on a day that is no bank holiday."""

    HALF_TERM = "half_term"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days with both ends included; `code` is what commands and addresses say, "2026-27-Q3" or "2026-27".

    `name` is what it is called besides its months, or its days where it goes `by_day`.
    """

    start: date
    end: date
    code: str
    name: str = ""
    by_day: bool = False

    @property
    def is_quarter(self) -> bool:
        """Whether it is a quarter of the financial year, the one period that is made for readers outside."""
        return "-Q" in self.code

    @property
    def label(self) -> str:
        """Say the period with its months, because "Q3" alone means different things to different people."""
        first, last = _MONTHS[self.start.month - 1], _MONTHS[self.end.month - 1]
        year, _, quarter = self.code.partition("-Q")
        if self.by_day:
            first, last = f"{self.start.day} {first}", f"{self.end.day} {last}"
        opening = first if self.start.year == self.end.year else f"{first} {self.start.year}"
        name = self.name or f"{year}{f' Q{quarter}' if quarter else ''}"
        return f"{name} ({opening} to {last} {self.end.year})"

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.start <= day <= self.end


def local_date(moment: datetime) -> date:
    """Give the date in London at a moment."""
    if moment.tzinfo is None:
        raise ValueError("A time without its zone could be on the day before.")
    return moment.astimezone(_LONDON).date()


def period_of(day: date) -> Period:
    """Give the quarter of the financial year that a local date lies in."""
    year = day.year if day.month >= 4 else day.year - 1
    return _quarter(year, (day.month - 4) % 12 // 3 + 1)


def financial_year_of(day: date) -> Period:
    """Give the financial year that a local date lies in."""
    return _financial_year(day.year if day.month >= 4 else day.year - 1)


def parse_period(text: str) -> Period:
    """Read "2026-27-Q3" or "2026-27"; raise ValueError with a sentence for anything else."""
    match = re.fullmatch(r"(20\d\d)-(\d\d)(?:[- ]?Q([1-4]))?", text.strip().upper(), flags=re.ASCII)
    if not match or int(match[2]) != (int(match[1]) + 1) % 100:
        raise ValueError(f"{text!r} is not a period. Write a quarter as 2026-27-Q3, or a year as 2026-27.")
    year = int(match[1])
    return _quarter(year, int(match[3])) if match[3] else _financial_year(year)


def previous_period(period: Period) -> Period:
    """Give the quarter or year before."""
    day = period.start - timedelta(days=1)
    return period_of(day) if "Q" in period.code else financial_year_of(day)


def next_period(period: Period) -> Period:
    """Give the quarter or year after."""
    day = period.end + timedelta(days=1)
    return period_of(day) if "Q" in period.code else financial_year_of(day)


def freeze_date(period: Period, holidays: Collection[date]) -> date:
    """Give the day on which a period's figures are frozen: ten working days after its end."""
    return add_working_days(period.end, _FREEZE_WORKING_DAYS, holidays)


def last_day_for_today(period: Period, holidays: Collection[date]) -> date:
    """Give the last day whose "today" still stands for a period: a return that is frozen some days late has it, too."""
    return add_working_days(period.end, _SAID_WORKING_DAYS, holidays)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Tell whether a day is Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


def add_working_days(day: date, days: int, holidays: Collection[date]) -> date:
    """Step forward, or back when `days` is negative, over working days; 0 gives the same day even at a weekend."""
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not is_working_day(day, holidays):
            day += step
    return day


def term_of(day: date, terms: Iterable[Term]) -> Term | None:
    """Find the school term that a day lies in."""
    return next((term for term in terms if term.start <= day <= term.end), None)


def is_term_time(day: date, terms: Iterable[Term], holidays: Collection[date] = ()) -> bool:
    """Tell whether schools are open on a day: in a term, Monday to Friday, no bank holiday."""
    return is_working_day(day, holidays) and term_of(day, terms) is not None


def school_time(day: date, terms: Sequence[Term], holidays: Collection[date]) -> SchoolTime | None:
    """Tell term from school holidays; a bank holiday is one. None where the terms are not published yet."""
    if not terms or not min(term.start for term in terms) <= day <= max(term.end for term in terms):
        return None
    return SchoolTime.TERM if term_of(day, terms) and day not in holidays else SchoolTime.HOLIDAY


def no_school(day: date, terms: Sequence[Term]) -> NoSchool | None:
    """Tell a half-term from longer holidays; None in a term, and where the terms are not published yet.

    The school year has six short terms: a half-term follows the first, the third and the fifth.
    """
    before = [term for term in terms if term.end < day]
    if term_of(day, terms) or not before or not any(term.start > day for term in terms):
        return None
    return NoSchool.HALF_TERM if max(before, key=lambda term: term.end).number % 2 else NoSchool.HOLIDAYS


def _quarter(year: int, number: int) -> Period:
    month = (3 * number) % 12 + 1
    start = date(year if month >= 4 else year + 1, month, 1)
    return Period(start, _month_after(start, 3) - timedelta(days=1), f"{_year_code(year)}-Q{number}")


def _financial_year(year: int) -> Period:
    return Period(date(year, 4, 1), date(year + 1, 3, 31), _year_code(year))


def _year_code(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02d}"


def _month_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)
