"""The figures of a period as rows, each shown as far as the reader's profile allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from booking.rules.calendar_periods import Period
from booking.rules.disclosure import (
    SMALLEST_SHOWN,
    Flag,
    Line,
    Profile,
    Shown,
    cells_to_hide,
    show_count,
    show_rate,
)
from booking.rules.engagement import ALL, Cell
from booking.rules.metrics import METRICS, SAME_NUMBER_TWICE, SUMS, Metric

Categories = Mapping[str, Sequence[str]]
"""The categories of each breakdown that are shown even when nobody is in them, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure in one category. `n` is how many people or sessions it rests on."""

    metric: Metric
    period: Period
    breakdown: str
    category: str
    value: Shown
    numerator: Shown | None
    denominator: Shown | None
    n: Shown


@dataclass(frozen=True, slots=True)
class _Reading:
    """The counts of a period as one profile may read them."""

    period: Period
    counts: Mapping[Cell, int]
    profile: Profile
    hidden: frozenset[Cell]


def rows_of(
    period: Period, counts: Mapping[Cell, int], *, profile: Profile, breakdowns: Collection[str], categories: Categories
) -> list[Row]:
    """Lay out every figure, in all and by each permitted breakdown, protected for the profile."""
    hidden = hidden_cells(counts, profile=profile, breakdowns=breakdowns)
    reading = _Reading(period, counts, profile, hidden)
    return [
        _row(metric, Cell("", breakdown, category), reading)
        for metric in METRICS
        for breakdown, category in _places(metric, counts, breakdowns, categories)
    ]


def hidden_cells(counts: Mapping[Cell, int], *, profile: Profile, breakdowns: Collection[str]) -> frozenset[Cell]:
    """Choose what a profile may not see, over all tables of the period together."""
    if profile == Profile.INTERNAL:
        return frozenset()
    lines = list(_lines(counts, breakdowns))
    personal = {cell: counts.get(cell, 0) for line in lines for cell in line.cells}
    return cells_to_hide(personal, lines, k=SMALLEST_SHOWN[profile], worth=_worth)


def _worth(cell: Cell, number: int) -> int:
    """Say how much a number is worth to readers: totals most, then noughts, and how complete registers are least."""
    of_registers = {"unrecorded": 0, "expected": 0, "recorded": 1}
    measure = of_registers.get(cell.measure, 2)
    return measure + (6 if cell.breakdown == ALL else 0 if number else 3)


def _lines(counts: Mapping[Cell, int], breakdowns: Collection[str]) -> Iterator[Line[Cell]]:
    """Give every line a reader could add up: the categories of a breakdown, and what is linked across tables."""
    for measure, breakdown in sorted(_tables(breakdowns)):
        parts = sorted(cell for cell in counts if (cell.measure, cell.breakdown) == (measure, breakdown))
        if parts:
            yield Line(tuple(parts), Cell(measure))
    for metric in METRICS:
        if metric.rest:
            yield from _sums((metric.numerator, metric.rest), metric.denominator, metric.by, counts, breakdowns)
    for linked in SUMS:
        yield from _sums(linked.parts, linked.total, linked.by, counts, breakdowns)
    for one, other in SAME_NUMBER_TWICE:
        if {one.breakdown, other.breakdown} <= {ALL, *breakdowns} and one in counts:
            yield Line((one,), other)


def _tables(breakdowns: Collection[str]) -> set[tuple[str, str]]:
    """Give the measures by breakdown that are shown, or that a reader can work out by subtraction."""
    shown = [(metric.measures, metric.by) for metric in METRICS if metric.is_personal]
    linked = [((*linked.parts, linked.total), linked.by) for linked in SUMS]
    return {
        (measure, breakdown)
        for measures, by in (*shown, *linked)
        for measure in measures
        if measure != "seats"
        for breakdown in by
        if breakdown in breakdowns
    }


def _sums(
    parts: tuple[str, ...], total: str, by: str, counts: Mapping[Cell, int], breakdowns: Collection[str]
) -> Iterator[Line[Cell]]:
    """Give the line that says that these measures add up, for each category they are counted in."""
    wanted = {ALL, *(breakdown for breakdown in by if breakdown in breakdowns)}
    measures = (*parts, total)
    for at in sorted({cell[1:] for cell in counts if cell.measure in measures and cell.breakdown in wanted}):
        yield Line(tuple(Cell(part, *at) for part in parts), Cell(total, *at))


def _places(
    metric: Metric, counts: Mapping[Cell, int], breakdowns: Collection[str], categories: Categories
) -> Iterator[tuple[str, str]]:
    """Give the categories of a metric's rows: those always shown, in their order, then any others that occur."""
    yield ALL, ALL
    for breakdown in metric.by:
        if breakdown in breakdowns:
            known = categories.get(breakdown, ())
            cells = (cell for cell in counts if cell.breakdown == breakdown and cell.measure in metric.measures)
            yield from ((breakdown, category) for category in known)
            yield from ((breakdown, extra) for extra in sorted({cell.category for cell in cells} - set(known)))


def _row(metric: Metric, at: Cell, reading: _Reading) -> Row:
    numerator = at._replace(measure=metric.numerator)
    above = _shown(metric, numerator, reading)
    below, value = None, above
    if metric.denominator:
        breakdown = metric.denominator_breakdown(at.breakdown)
        denominator = Cell(metric.denominator, breakdown, at.category if breakdown == at.breakdown else ALL)
        below = _shown(metric, denominator, reading)
        value = show_rate(
            reading.counts.get(numerator, 0),
            reading.counts.get(denominator, 0),
            profile=reading.profile,
            is_hidden=not reading.hidden.isdisjoint((numerator, denominator, at._replace(measure=metric.rest))),
            is_personal=metric.is_personal,
        )
        above = value if value.flag == Flag.PROTECTED else above
    return Row(
        metric=metric,
        period=reading.period,
        breakdown=at.breakdown,
        category=at.category,
        value=value,
        numerator=above if metric.denominator else None,
        denominator=below,
        n=below or above,
    )


def _shown(metric: Metric, cell: Cell, reading: _Reading) -> Shown:
    number = reading.counts.get(cell, 0)
    if metric.is_personal and cell.measure != "seats":
        return show_count(number, profile=reading.profile, is_hidden=cell in reading.hidden)
    return Shown(Decimal(number))
