"""The access promise in public: what was asked for in a year, and what was there, by what it was.

The year is the sum of quarters that everybody has already, so it hides whatever would give a hidden number of one of
them away (2.3, f).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from booking.rules.calendar_periods import Period
from booking.rules.disclosure import SMALLEST_SHOWN, Limit, Line, Profile, Shown, cells_to_hide, show_count, show_rate
from booking.rules.engagement.counting import Counts
from booking.rules.engagement.metric import ALL, Cell

GROUPS = "G"
YEAR = "year"
"""The mark of the sum of all quarters, where the code of a quarter stands."""
MEASURES = ("requests", "judged", "met", "not_quite_met")
_JUDGED = (("met", "not_quite_met"), "judged")

Known = tuple[str, Cell]
"""A number of one quarter, or of the year."""


@dataclass(frozen=True, slots=True)
class PublicQuarter:
    """A quarter as it was published: its true numbers, and which of them nobody was shown."""

    period: Period
    numbers: Counts
    hidden: frozenset[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """What was asked for in one group, or in all. Of what was judged, so much was there, or not quite.

    `period` is the code of a quarter, or `year`; `share` a percentage.
    """

    period: str
    group: str
    requests: Shown
    met: Shown
    not_quite_met: Shown
    share: Shown


def promise_kept(quarters: Sequence[PublicQuarter], groups: Sequence[str]) -> list[PromiseRow]:
    """Lay out the year so far, then each of its quarters: all groups together, then each; as everybody may see it."""
    counts = dict(_counts(quarters, groups))
    hidden = _hidden(counts, quarters, groups)
    return [
        _row(period, category, counts, hidden)
        for period in (YEAR, *(quarter.period.code for quarter in quarters))
        for category in (ALL, *groups)
    ]


def _counts(quarters: Sequence[PublicQuarter], groups: Sequence[str]) -> Iterator[tuple[Known, int]]:
    for cell in _cells(groups):
        numbers = [(quarter.period.code, quarter.numbers.get(cell, 0)) for quarter in quarters]
        yield from (((code, cell), number) for code, number in numbers)
        yield (YEAR, cell), sum(number for _code, number in numbers)


def _hidden(counts: dict[Known, int], quarters: Sequence[PublicQuarter], groups: Sequence[str]) -> frozenset[Known]:
    cells = frozenset(_cells(groups))
    hidden = {(quarter.period.code, cell) for quarter in quarters for cell in quarter.hidden & cells}
    published = {(quarter.period.code, cell) for quarter in quarters for cell in cells} - hidden
    published |= {(YEAR, cell) for cell in cells if all((each.period.code, cell) in published for each in quarters)}
    k = SMALLEST_SHOWN[Profile.PUBLIC]
    lines, limits = _lines(quarters, groups), _limits(quarters, groups)
    return cells_to_hide(counts, lines, limits=limits, k=k, worth=_worth, always=hidden, out=published)


def _worth(known: Known, number: int) -> int:
    """Say how much a number is worth to readers: all groups together most, then noughts; what is not shown nothing."""
    _period, cell = known
    if cell.measure == "judged":
        return 0
    return 3 if cell.breakdown == ALL else 1 if number else 2


def _cells(groups: Sequence[str]) -> list[Cell]:
    at = [(ALL, ALL), *((GROUPS, group) for group in groups)]
    return [Cell(measure, *place) for measure in MEASURES for place in at]


def _lines(quarters: Sequence[PublicQuarter], groups: Sequence[str]) -> Iterator[Line[Known]]:
    """Say how the numbers hang together: groups, what became of requests, and the quarters of the year."""
    codes = [quarter.period.code for quarter in quarters]
    parts, whole = _JUDGED
    for code in (YEAR, *codes):
        for measure in MEASURES:
            yield Line(tuple((code, Cell(measure, GROUPS, group)) for group in groups), (code, Cell(measure)))
        for place in ((ALL, ALL), *((GROUPS, group) for group in groups)):
            yield Line(tuple((code, Cell(part, *place)) for part in parts), (code, Cell(whole, *place)))
    for cell in _cells(groups):
        yield Line(tuple((code, cell) for code in codes), (YEAR, cell))


def _limits(quarters: Sequence[PublicQuarter], groups: Sequence[str]) -> Iterator[Limit[Known]]:
    """Say what was judged had been asked for, in each quarter and in the year."""
    for code in (YEAR, *(quarter.period.code for quarter in quarters)):
        for place in ((ALL, ALL), *((GROUPS, group) for group in groups)):
            yield Limit(((code, Cell("judged", *place)),), ((code, Cell("requests", *place)),))


def _row(period: str, category: str, counts: dict[Known, int], hidden: frozenset[Known]) -> PromiseRow:
    place = (ALL, ALL) if category == ALL else (GROUPS, category)

    def shown(measure: str) -> Shown:
        known = (period, Cell(measure, *place))
        return show_count(counts[known], profile=Profile.PUBLIC, is_hidden=known in hidden)

    met, judged, rest = ((period, Cell(measure, *place)) for measure in ("met", "judged", "not_quite_met"))
    share = show_rate(
        counts[met],
        counts[judged],
        profile=Profile.PUBLIC,
        is_hidden=not hidden.isdisjoint((met, judged, rest)),
    )
    return PromiseRow(
        period=period,
        group=category,
        requests=shown("requests"),
        met=shown("met"),
        not_quite_met=shown("not_quite_met"),
        share=share,
    )
