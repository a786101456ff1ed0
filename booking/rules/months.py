"""Months as people look through them: "2026-12" in an address, the weeks of a month, the month before and after."""

from __future__ import annotations

import calendar
import re
from datetime import date

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def month_of(day: date) -> date:
    """Give the first day of a day's month, which stands for the month."""
    return day.replace(day=1)


def parse_month(text: str) -> date | None:
    """Read "2026-12"; None for anything else."""
    match = _MONTH.fullmatch(text)
    return date(int(match[1]), int(match[2]), 1) if match else None


def month_code(month: date) -> str:
    """Write a month as addresses do: "2026-12"."""
    return f"{month:%Y-%m}"


def months_from(month: date, number: int) -> tuple[date, ...]:
    """Give so many months, beginning with this one."""
    return tuple(add_months(month, each) for each in range(number))


def add_months(month: date, number: int) -> date:
    """Go so many months on, or back when the number is negative."""
    years, index = divmod(month.month - 1 + number, 12)
    return date(month.year + years, index + 1, 1)


def weeks_of(month: date) -> list[list[date | None]]:
    """Give a month's weeks, Monday first; None stands where a day belongs to another month."""
    return [
        [month.replace(day=number) if number else None for number in week]
        for week in calendar.Calendar().monthdayscalendar(month.year, month.month)
    ]
