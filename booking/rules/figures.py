"""The figures of a period as rows, each shown as far as the reader's profile allows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from booking.rules.calendar_periods import Period
from booking.rules.disclosure import (
    AVERAGE_FROM,
    SMALLEST_SHOWN,
    Flag,
    Profile,
    Shown,
    cells_to_hide,
    decimal,
    rounded,
    show_count,
    show_rate,
)
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import Counted, Counts
from booking.rules.engagement.metric import ALL, Cell, Metric, Shape
from booking.rules.intervals import wilson
from booking.rules.what_readers_know import limits_of, lines_of, people_in, sums_in, worth

Categories = Mapping[str, Sequence[str]]
"""The categories of each breakdown that are shown even when nobody is in them, in order."""

COMPARED_FROM = 20
"""So many places each group needs before two rates are compared (M32)."""
_WITH_INTERVAL = "E"
"""The section whose shares come from those who answered, and could be others by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure in one category. `n` is how many people or sessions it rests on.

    `interval` is between which percentages the true share lies, with 95 % confidence, where it comes from answers.
    """

    metric: Metric
    period: Period
    breakdown: str
    category: str
    value: Shown
    numerator: Shown | None = None
    denominator: Shown | None = None
    n: Shown
    interval: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The counts of a period as one profile may read them."""

    period: Period
    counted: Counted
    profile: Profile
    hidden: frozenset[Cell]

    def get(self, cell: Cell) -> int:
        """Give a number; what does not occur is none."""
        return self.counted.numbers.get(cell, 0)

    def used(self, cell: Cell) -> int:
        """Give a number as what is made of it may use it: in public the rounded one."""
        number = self.get(cell)
        return rounded(number) if self.profile == Profile.PUBLIC else number


def rows_of(
    period: Period,
    counted: Counted,
    *,
    profile: Profile,
    breakdowns: Collection[str],
    categories: Categories,
    hidden: frozenset[Cell] | None = None,
    metrics: Sequence[Metric] = METRICS,
) -> list[Row]:
    """Lay out the figures, in all and by each permitted breakdown, protected for the profile.

    `hidden` is what has to be hidden, where that does not follow from this return alone.
    """
    if hidden is None:
        hidden = hidden_cells(counted.numbers, profile=profile, breakdowns=breakdowns)
    reading = _Reading(period, counted, profile, hidden)
    return [
        _row(metric, Cell("", breakdown, category), reading)
        for metric in metrics
        for breakdown, category in _places(metric, counted.numbers, breakdowns, categories)
    ]


def hidden_cells(counts: Counts, *, profile: Profile, breakdowns: Collection[str]) -> frozenset[Cell]:
    """Choose what a profile may not see, over all tables of the period together."""
    if profile == Profile.INTERNAL:
        return frozenset()
    lines, sums = list(lines_of(counts, breakdowns)), sums_in(counts, breakdowns)
    return cells_to_hide(
        people_in(counts, lines, breakdowns) | {each: counts[each] for each in sums},
        lines,
        limits=tuple(limits_of(counts, breakdowns)),
        sums=sums,
        k=SMALLEST_SHOWN[profile],
        worth=worth,
    )


def _places(
    metric: Metric, counts: Counts, breakdowns: Collection[str], categories: Categories
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
    empty = Row(
        metric=metric,
        period=reading.period,
        breakdown=at.breakdown,
        category=at.category,
        value=Shown(None, Flag.NOT_COLLECTED),
        n=Shown(None, Flag.NOT_COLLECTED),
    )
    if not _is_collected(metric, reading):
        return empty
    return _MAKE[metric.shape](empty, at, reading)


def _is_collected(metric: Metric, reading: _Reading) -> bool:
    """Tell whether anybody collected what a figure is made of: what was counted is there, were it nought."""
    if metric.shape in (Shape.NOT_COLLECTED, Shape.MEDIAN):
        return metric.shape == Shape.MEDIAN
    return all(Cell(measure) in reading.counted.numbers for measure in metric.measures)


def _count(row: Row, at: Cell, reading: _Reading) -> Row:
    shown = _shown(row.metric, at._replace(measure=row.metric.numerator), reading)
    return replace(row, value=shown, n=shown)


def _share(row: Row, at: Cell, reading: _Reading) -> Row:
    metric = row.metric
    numerator, denominator = _pair(metric, at)
    value = show_rate(
        reading.get(numerator),
        reading.get(denominator),
        profile=reading.profile,
        is_hidden=not reading.hidden.isdisjoint((numerator, denominator, at._replace(measure=metric.rest))),
        is_personal=metric.is_personal,
    )
    below, above = _shown(metric, denominator, reading), _shown(metric, numerator, reading)
    above = value if value.flag == Flag.PROTECTED else above
    interval = None
    if metric.section == _WITH_INTERVAL and metric.rest and value.value is not None:
        interval = wilson(reading.used(numerator), reading.used(denominator))
    return replace(row, value=value, numerator=above, denominator=below, n=below, interval=interval)


def _average(row: Row, at: Cell, reading: _Reading) -> Row:
    """Show a mean or a median, where enough people stand behind it: in public of rounded numbers, and less exactly.

    How many there are, shown beside, is asked as it is: from 10 up it is shown, and below it is hidden like any count,
    so that whether there is a mean tells nothing more. A sum of changes is rounded with its sign.
    """
    metric = row.metric
    numerator, denominator = _pair(metric, at)
    below, number = _shown(metric, denominator, reading), reading.get(denominator)
    is_rough = metric.is_personal and reading.profile == Profile.PUBLIC
    if metric.is_personal and not reading.hidden.isdisjoint((numerator, denominator)):
        value = Shown(None, Flag.PROTECTED)
    elif number == 0:
        value = Shown(None, Flag.NOT_APPLICABLE)
    elif metric.is_personal and number < AVERAGE_FROM[reading.profile]:
        value = Shown(None, Flag.PROTECTED)
    elif metric.shape == Shape.MEDIAN:
        value = Shown(decimal(reading.counted.medians[numerator], places=0 if is_rough else 1))
    elif is_rough:
        value = Shown(decimal(Fraction(reading.used(numerator), reading.used(denominator)), places=1))
    else:
        value = Shown(decimal(Fraction(reading.get(numerator), number), places=2))
    return replace(row, value=value, denominator=below, n=below)


def _per_1000(row: Row, at: Cell, reading: _Reading) -> Row:
    return _against_pupils(row, at, reading, lambda above, pupils: Fraction(1000 * above, pupils), places=1)


def _ratio(row: Row, at: Cell, reading: _Reading) -> Row:
    if at.breakdown == ALL:
        return replace(row, value=Shown(None, Flag.NOT_APPLICABLE), n=Shown(None, Flag.NOT_APPLICABLE))
    metric = row.metric
    everybody, all_pupils = reading.used(Cell(metric.numerator)), reading.get(Cell(metric.denominator))
    if Cell(metric.numerator) in reading.hidden or not everybody:
        flag = Flag.PROTECTED if everybody else Flag.NOT_APPLICABLE
        return replace(row, value=Shown(None, flag), n=_shown(metric, at._replace(measure=metric.numerator), reading))
    return _against_pupils(
        row, at, reading, lambda above, pupils: Fraction(above * all_pupils, everybody * pupils), places=2
    )


def _against_pupils(
    row: Row, at: Cell, reading: _Reading, work_out: Callable[[int, int], Fraction], *, places: int
) -> Row:
    """Show something in proportion to the pupils of a district; without their number it is not collected."""
    metric = row.metric
    numerator, denominator = _pair(metric, at)
    above, pupils = _shown(metric, numerator, reading), reading.get(denominator)
    if not pupils:
        return replace(row, numerator=above, n=above)
    value = Shown(None, Flag.PROTECTED)
    if numerator not in reading.hidden:
        used = reading.used(numerator) if metric.is_personal else reading.get(numerator)
        value = Shown(decimal(work_out(used, pupils), places=places))
    return replace(row, value=value, numerator=above, denominator=Shown(Decimal(pupils)), n=above)


def _gap(row: Row, at: Cell, reading: _Reading) -> Row:
    """Show by how many percentage points one rate lies below another, where each has places enough to compare.

    In public the rounded numbers decide: of a 20 that is shown nobody may learn that it is 18.
    """
    metric = row.metric
    cells = [at._replace(measure=name) for name in (metric.numerator, metric.denominator, *metric.against)]
    came, due, others_came, others_due = (reading.used(cell) for cell in cells)
    below = _shown(metric, cells[1], reading)
    is_public = reading.profile == Profile.PUBLIC
    if not reading.hidden.isdisjoint(cells):
        value = Shown(None, Flag.PROTECTED)
    elif min(due, others_due) < COMPARED_FROM + is_public:
        value = Shown(None, Flag.NOT_APPLICABLE)
    else:
        places = 0 if is_public else 1
        value = Shown(decimal(100 * (Fraction(others_came, others_due) - Fraction(came, due)), places=places))
    return replace(row, value=value, denominator=below, n=below)


_MAKE: Mapping[Shape, Callable[[Row, Cell, _Reading], Row]] = {
    Shape.COUNT: _count,
    Shape.SHARE: _share,
    Shape.MEAN: _average,
    Shape.MEDIAN: _average,
    Shape.PER_1000: _per_1000,
    Shape.RATIO: _ratio,
    Shape.GAP: _gap,
}


def _pair(metric: Metric, at: Cell) -> tuple[Cell, Cell]:
    breakdown = metric.denominator_breakdown(at.breakdown)
    category = at.category if breakdown == at.breakdown else ALL
    return at._replace(measure=metric.numerator), Cell(metric.denominator, breakdown, category)


def _shown(metric: Metric, cell: Cell, reading: _Reading) -> Shown:
    number = reading.get(cell)
    if cell.measure in metric.counts_of_people:
        return show_count(number, profile=reading.profile, is_hidden=cell in reading.hidden)
    return Shown(Decimal(number))
