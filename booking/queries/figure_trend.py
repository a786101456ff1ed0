"""A few figures over several quarters, counted from one reading of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from booking.rules.calendar_periods import Period, previous_period
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import Counts, count
from booking.rules.engagement.facts import Facts
from booking.rules.engagement.metric import Cell
from booking.rules.engagement.narrowing import is_one_small_session
from booking.rules.intervals import Share

_IDS = ("M02", "M05", "M06", "M08", "M15", "M24", "M29", "M37")
_METRICS = [metric for metric in METRICS if metric.id in _IDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """One quarter of the trend.

    `attendance_rate`, `unmet` (of families that waited, those that found nothing), `promises` (of what was asked for,
    what was there) and `confident` are shares. `is_small`: one session alone, that fewer than five people came to.
    """

    period: Period
    held: int
    attendances: int
    families: int
    new_families: int
    came: Share
    unmet: Share
    promises: Share
    confident: Share

    @property
    def attendance_rate(self) -> Decimal | None:
        """Give the percentage of those due who came, or None when nobody was due."""
        return self.came.percent

    @property
    def is_small(self) -> bool:
        """Whether it is one session that fewer than five people came to."""
        return is_one_small_session(held=self.held, people=self.attendances)


def quarters_until(last: Period, *, number: int = 9) -> list[Period]:
    """List so many quarters up to and with the last, oldest first."""
    periods = [last]
    while len(periods) < number:
        periods.append(previous_period(periods[-1]))
    return periods[::-1]


def trend(periods: list[Period], facts: Facts) -> list[Quarter]:
    """Count the trend of true numbers from the facts of a trend, for the screen of staff."""
    return [_quarter(period, facts) for period in periods]


def _quarter(period: Period, facts: Facts) -> Quarter:
    counts = count(period, facts, only=_METRICS).numbers
    return Quarter(
        period=period,
        held=counts[Cell("held")],
        attendances=counts[Cell("attended")],
        families=counts[Cell("families")],
        new_families=counts[Cell("families_new")],
        came=_share(counts, "attended_booked", "due"),
        unmet=_share(counts, "waiting_unmet", "waiting"),
        promises=_share(counts, "met", "judged"),
        confident=_share(counts, "confident_agreed", "confident_answered"),
    )


def _share(counts: Counts, part: str, whole: str) -> Share:
    return Share(counts[Cell(part)], counts[Cell(whole)])
