"""What readers of a period's tables know of its counts: which add up to which, and which are never more than others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from booking.rules.disclosure import Limit, Line
from booking.rules.engagement.catalogue import ADD_UP, METRICS, OF_PEOPLE, SAME_NUMBER_TWICE, Table
from booking.rules.engagement.counting import Counts
from booking.rules.engagement.limits import AT_MOST, CELLS_AT_MOST, MORE_THAN_ALL, AtMost, visits_at_most
from booking.rules.engagement.metric import ALL, Cell, Shape, Sum

MEANS_OF = {
    metric.numerator: metric.denominator for metric in METRICS if metric.shape == Shape.MEAN and metric.is_personal
}
"""Sums that a mean gives away to whoever knows how many it is of, each with what counts those."""
_OF_MEANS = frozenset(
    (metric.numerator, breakdown)
    for metric in METRICS
    if metric.numerator in MEANS_OF and metric.shape == Shape.MEAN
    for breakdown in (ALL, *metric.by)
)


def people_in(counts: Counts, lines: Iterable[Line[Cell]], breakdowns: Collection[str]) -> Counts:
    """Give the counts of people that readers see, or can work out from these lines."""
    known = _of_people(breakdowns)
    personal = {cell: number for cell, number in counts.items() if cell[:2] in known}
    return personal | {cell: counts.get(cell, 0) for line in lines for cell in line.cells}


def sums_in(counts: Counts, breakdowns: Collection[str]) -> dict[Cell, Cell]:
    """Give each sum that a mean gives away, with the count of those it is of."""
    return {
        cell: cell._replace(measure=MEANS_OF[cell.measure])
        for cell in counts
        if cell[:2] in _OF_MEANS and cell.breakdown in (ALL, *breakdowns)
    }


def lines_of(counts: Counts, breakdowns: Collection[str]) -> Iterator[Line[Cell]]:
    """Give every line a reader could add up: the categories of a breakdown, and what is linked across tables.

    Where things stand in several categories (a family with two children), it is as if readers knew in how many.
    """
    known = _of_people(breakdowns)
    cells = _by_table(counts)
    for measure, breakdown in sorted(known):
        if breakdown != ALL and (parts := sorted(cells.get((measure, breakdown), ()))):
            yield Line(tuple(parts), Cell(measure))
    for linked in ADD_UP:
        for breakdown in _where_known(linked, known, breakdowns):
            places = {cell[1:] for measure in linked.measures for cell in cells.get((measure, breakdown), ())}
            for at in sorted(places):
                yield Line(tuple(Cell(part, *at) for part in linked.parts), Cell(linked.total, *at))
    for one, other in SAME_NUMBER_TWICE:
        if {one.breakdown, other.breakdown} <= {ALL, *breakdowns} and one in counts:
            yield Line((one,), other)


def limits_of(counts: Counts, breakdowns: Collection[str]) -> Iterator[Limit[Cell]]:
    """Give every limit readers know, where it is one in these counts: of rare data it says nothing."""
    for limit in _all_limits(counts, breakdowns):
        if sum(factor * counts.get(cell, 0) for cell, factor in limit.factors.items()) <= 0:
            yield limit


def worth(cell: Cell, number: int) -> int:
    """Say how much a number is worth to readers: totals most, then noughts, and how complete registers are least."""
    of_registers = {"unrecorded": 0, "expected": 0, "recorded": 1}
    measure = of_registers.get(cell.measure, 2)
    return measure + (6 if cell.breakdown == ALL else 0 if number else 3)


def _all_limits(counts: Counts, breakdowns: Collection[str]) -> Iterator[Limit[Cell]]:
    known = _of_people(breakdowns) | {table for table in _OF_MEANS if table[1] in (ALL, *breakdowns)}
    cells = _by_table(counts)
    for limit in AT_MOST:
        measures = (*limit.parts, *limit.most)
        for breakdown in _where_known(limit, known, breakdowns):
            places = {cell[1:] for measure in measures for cell in cells.get((measure, breakdown), ())}
            for at in sorted(places):
                parts, most = (
                    _in(counts, (Cell(measure, *at) for measure in side)) for side in (limit.parts, limit.most)
                )
                yield Limit(parts, most)
    for parts, most in (*CELLS_AT_MOST, visits_at_most(counts.get(Cell("held"), 0))):
        if {cell[:2] for cell in (*parts, *most)} <= known:
            yield Limit(_in(counts, parts), _in(counts, most))
    yield from _of_categories(counts, cells, known)


def _of_categories(counts: Counts, cells: dict[Table, list[Cell]], known: Collection[Table]) -> Iterator[Limit[Cell]]:
    """Limit each category by all together, unless they add up anyway; of sums, of which there are no lines, say so."""
    for measure, breakdown in sorted(known):
        parts = tuple(sorted(cells.get((measure, breakdown), ())))
        if breakdown == ALL or not parts or measure in MORE_THAN_ALL:
            continue
        adds_up = sum(counts[part] for part in parts) == counts.get(Cell(measure), 0)
        if adds_up and measure in MEANS_OF:
            yield Limit(parts, (Cell(measure),))
            yield Limit((Cell(measure),), parts)
        elif not adds_up and measure not in MEANS_OF:
            yield from (Limit((part,), (Cell(measure),)) for part in parts)


def _by_table(counts: Counts) -> dict[Table, list[Cell]]:
    cells: dict[Table, list[Cell]] = {}
    for cell in counts:
        cells.setdefault((cell.measure, cell.breakdown), []).append(cell)
    return cells


def _in(counts: Counts, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Leave out what does not occur: it is a nought that everybody sees."""
    return tuple(cell for cell in cells if cell in counts)


def _of_people(breakdowns: Collection[str]) -> set[Table]:
    return {table for table in OF_PEOPLE if table[1] in (ALL, *breakdowns)}


def _where_known(linked: Sum | AtMost, known: Collection[Table], breakdowns: Collection[str]) -> list[str]:
    measures = linked.measures if isinstance(linked, Sum) else (*linked.parts, *linked.most)
    return sorted(each for each in {ALL, *breakdowns} if all((measure, each) in known for measure in measures))
