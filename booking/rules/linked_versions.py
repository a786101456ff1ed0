"""What a later version of a frozen return hides, so that two versions side by side give no more away than each alone.

Whoever has both can guess which numbers are the same in both. So a number that is the same stands for one unknown in
the tables of both, what once was hidden stays hidden, and what is out already is no cover for anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from booking.rules.disclosure import SMALLEST_SHOWN, Line, Profile, cells_to_hide
from booking.rules.engagement.counting import Counts
from booking.rules.engagement.metric import Cell
from booking.rules.figures import hidden_cells, lines_of, people_in, worth

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
    people: dict[Known, int] = {}
    for version in earlier:
        of_this = _people(version.numbers, breakdowns)
        hidden |= {(cell, version.numbers.get(cell, 0)) for cell in version.hidden}
        out |= {(cell, number) for cell, number in of_this.items() if cell not in version.hidden}
        people |= {known: known[1] for known in of_this.items()}
        lines += _linked(version.numbers, breakdowns)
    now = _people(counts, breakdowns)
    people |= {known: known[1] for known in (*now.items(), *hidden)}
    lines += _linked(counts, breakdowns)
    found = cells_to_hide(
        people,
        dict.fromkeys(lines),
        k=SMALLEST_SHOWN[profile],
        worth=lambda known, number: worth(known[0], number),
        always=hidden,
        out=out - hidden,
    )
    return frozenset(cell for cell, number in now.items() if (cell, number) in found)


def _people(counts: Counts, breakdowns: Collection[str]) -> Counts:
    return people_in(counts, lines_of(counts, breakdowns), breakdowns)


def _linked(counts: Counts, breakdowns: Collection[str]) -> Iterator[Line[Known]]:
    for line in lines_of(counts, breakdowns):
        parts = tuple((part, counts.get(part, 0)) for part in line.parts)
        yield Line(parts, (line.total, counts.get(line.total, 0)))
