"""The only place that asks the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in London."""
    return in_london(now()).date()


def in_london(moment: datetime) -> datetime:
    """Return an aware moment as London's wall clock shows it."""
    return moment.astimezone(LONDON)


def london_time(day: date, hour: int, minute: int = 0) -> datetime:
    """Return the moment, in UTC, when London's clock shows this day and time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Return London's midnight at the start of this day, in UTC."""
    return london_time(day, 0)


def end_of_day(day: date) -> datetime:
    """Return London's midnight at the end of this day, in UTC."""
    return start_of_day(day + timedelta(days=1))
