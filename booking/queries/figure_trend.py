"""A few figures over several quarters, counted from one reading of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from booking.rules.calendar_periods import Period, previous_period
from booking.rules.disclosure import percent
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts
from booking.rules.engagement.metric import Cell


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of the trend; `attendance_rate` is None when nobody was due."""

    period: Period
    held: int
    attendances: int
    families: int
    new_families: int
    attendance_rate: Decimal | None


def quarters_until(last: Period, *, number: int = 9) -> list[Period]:
    """List so many quarters up to and with the last, oldest first."""
    periods = [last]
    while len(periods) < number:
        periods.append(previous_period(periods[-1]))
    return periods[::-1]


def trend(periods: list[Period], facts: Facts) -> list[Quarter]:
    """Count the trend of true numbers, for the screen of staff."""
    return [_quarter(period, facts) for period in periods]


def _quarter(period: Period, facts: Facts) -> Quarter:
    counts = count(period, facts).numbers
    came, due = counts[Cell("attended_booked")], counts[Cell("due")]
    return Quarter(
        period=period,
        held=counts[Cell("held")],
        attendances=counts[Cell("attended")],
        families=counts[Cell("families")],
        new_families=counts[Cell("families_new")],
        attendance_rate=percent(came, due, places=1) if due else None,
    )
