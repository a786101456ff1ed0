"""What a later version of a frozen return hides, so that two versions side by side give no more away than each alone.

Whoever has both can guess which numbers are the same in both. So a number that is the same stands for one unknown in
the tables of both, what once was hidden stays hidden, and what is out already is no cover for anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from booking.rules.disclosure import SMALLEST_SHOWN, Limit, Line, Profile, cells_to_hide
from booking.rules.engagement.counting import Counts
from booking.rules.engagement.metric import Cell
from booking.rules.figures import hidden_cells
from booking.rules.what_readers_know import limits_of, lines_of, people_in, sums_in, worth

Known = tuple[Cell, int]
"""One unknown of the reader: a number's place, and what it is; the same in two versions is one."""


@dataclass(frozen=True, slots=True)
class GivenOut:
    """The numbers of a version that is out, and what of them this reader was not shown."""

    numbers: Counts
    hidden: frozenset[Cell]


def hidden_beside(
    counts: Counts, earlier: Sequence[GivenOut], *, profile: Profile, breakdowns: Collection[str]
) -> frozenset[Cell]:
    """Choose what a profile may not see of a new version, beside all versions it has already."""
    if profile == Profile.INTERNAL or not earlier:
        return hidden_cells(counts, profile=profile, breakdowns=breakdowns)
    once_hidden = frozenset[Cell]().union(*(version.hidden for version in earlier))
    hidden: set[Known] = {(cell, counts.get(cell, 0)) for cell in once_hidden}
    out: set[Known] = set()
    lines: list[Line[Known]] = []
    limits: list[Limit[Known]] = []
    people: dict[Known, int] = {}
    sums: dict[Known, Known] = {}
    for numbers, unseen in (*((version.numbers, version.hidden) for version in earlier), (counts, None)):
        of_this = _known(numbers, breakdowns)
        of_means = sums_in(numbers, breakdowns)
        people |= {known: known[1] for known in of_this.items()}
        sums |= {(each, numbers[each]): (count, numbers.get(count, 0)) for each, count in of_means.items()}
        lines += _linked_lines(numbers, breakdowns)
        limits += _linked_limits(numbers, breakdowns)
        if unseen is not None:
            hidden |= {(cell, numbers.get(cell, 0)) for cell in unseen}
            unseen |= {each for each, count in of_means.items() if count in unseen}
            out |= {(cell, number) for cell, number in of_this.items() if cell not in unseen}
    people |= {known: known[1] for known in hidden}
    found = cells_to_hide(
        people,
        dict.fromkeys(lines),
        limits=dict.fromkeys(limits),
        sums={each: count for each, count in sums.items() if each not in out - hidden},
        k=SMALLEST_SHOWN[profile],
        worth=lambda known, number: worth(known[0], number),
        always=hidden,
        out=out - hidden,
    )
    return frozenset(cell for cell, number in _known(counts, breakdowns).items() if (cell, number) in found)


def _known(counts: Counts, breakdowns: Collection[str]) -> Counts:
    people = people_in(counts, lines_of(counts, breakdowns), breakdowns)
    return people | {each: counts[each] for each in sums_in(counts, breakdowns)}


def _linked_lines(counts: Counts, breakdowns: Collection[str]) -> Iterator[Line[Known]]:
    for line in lines_of(counts, breakdowns):
        yield Line(_linked(line.parts, counts), (line.total, counts.get(line.total, 0)))


def _linked_limits(counts: Counts, breakdowns: Collection[str]) -> Iterator[Limit[Known]]:
    for limit in limits_of(counts, breakdowns):
        yield Limit(_linked(limit.parts, counts), _linked(limit.most, counts))


def _linked(cells: Collection[Cell], counts: Counts) -> tuple[Known, ...]:
    return tuple((cell, counts.get(cell, 0)) for cell in cells)
