"""Attack so many random tables a profile (`python -m tests.figures.attack 10000`); exit with 1 if one gives way.

The reader attacks twice: by solving the equations of all lines, and by narrowing down what each hidden number can be.
Of whole quarters, with facts of every kind, a reader knows besides what is never more than something (`reader.py`).
All of it is written apart from the code under test, without a solver. The tests do the same with fewer tables.
"""

from __future__ import annotations

import sys
from random import Random

from booking.rules.disclosure import SMALLEST_SHOWN, Profile, cells_to_hide
from booking.rules.engagement.catalogue import BREAKDOWNS as EVERY
from booking.rules.engagement.metric import Cell
from booking.rules.figures import hidden_cells
from tests.figures import reader
from tests.figures.drawn_quarter import counted_quarter
from tests.figures.test_disclosure import a_table, found_out
from tests.figures.test_linked_tables import BREAKDOWNS, a_quarter, what_a_reader_knows

OUTSIDE = (Profile.PARTNER, Profile.PUBLIC)
_TABLES_OF_A_QUARTER = 30
"""So many tables, one a measure and breakdown, a drawn quarter shows to readers."""


def main(tables: int) -> int:
    """Attack and say what was found; return how many tables gave a number away."""
    lost = 0
    for profile in OUTSIDE:
        single = sum(_gives_way(seed, SMALLEST_SHOWN[profile]) for seed in range(tables))
        quarters = range(-(-tables // _TABLES_OF_A_QUARTER))
        linked = sum(bool(lost_in_quarter(seed, profile)) for seed in quarters)
        whole = sum(bool(lost_in_drawn_quarter(seed, profile)) for seed in quarters)
        said = f"{single} of {tables} single tables, {linked} of {len(quarters)} quarters with linked tables"
        sys.stdout.write(f"{profile.value}: {said}, {whole} of {len(quarters)} whole quarters gave way\n")
        lost += single + linked + whole
    return lost


def lost_in_drawn_quarter(seed: int, profile: Profile) -> set[Cell]:
    """Return what a reader of a whole return finds, who knows what is never more than something else."""
    counts = counted_quarter(seed).numbers
    hidden = hidden_cells(counts, profile=profile, breakdowns=tuple(EVERY))
    return reader.found_out(counts, hidden, profile)


def lost_in_quarter(seed: int, profile: Profile) -> set[object]:
    """Return the hidden numbers, and the small ones, that a reader of one quarter's tables finds."""
    counts = a_quarter(seed)
    lines = what_a_reader_knows(counts)
    everything: dict[object, int] = {cell: counts.get(cell, 0) for line in lines for cell in line.cells}
    hidden = hidden_cells(counts, profile=profile, breakdowns=BREAKDOWNS)
    unseen = {cell for cell in everything if cell.measure == "attended_walk_in" and cell.breakdown in "DLT"}
    found = found_out(everything, lines, frozenset((hidden & everything.keys()) | unseen))
    k = SMALLEST_SHOWN[profile]
    return {cell for cell in found if 0 < everything[cell] < k or (cell in hidden and everything[cell])}


def _gives_way(seed: int, k: int) -> bool:
    draw = Random(seed)
    height, width = draw.randint(1, 6), draw.randint(1, 6)
    rows = [[draw.randint(0, draw.choice((6, 12, 60))) for _ in range(width)] for _ in range(height)]
    counts, lines = a_table(rows)
    hidden = cells_to_hide(counts, lines, k=k)
    shows_small = any(0 < number < k and cell not in hidden for cell, number in counts.items())
    return shows_small or bool(found_out(counts, lines, hidden))


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
