"""What is protected stays so, whoever adds up, subtracts and narrows down: `attack.py` does it with more tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from booking.rules.disclosure import Profile, percent
from booking.rules.engagement.counting import Counted
from booking.rules.engagement.metric import Cell, Shape
from booking.rules.figures import hidden_cells, rows_of
from tests.figures.attack import OUTSIDE, lost_in_quarter, main
from tests.figures.test_linked_tables import BREAKDOWNS, QUARTER, a_quarter

pytestmark = pytest.mark.one_database


def test_single_tables_give_no_number_away() -> None:
    assert main(60) == 0


@pytest.mark.parametrize("profile", OUTSIDE)
@pytest.mark.parametrize("seed", range(12))
def test_no_small_number_follows_from_another_table(seed: int, profile: Profile) -> None:
    assert lost_in_quarter(seed, profile) == set()


@pytest.mark.parametrize("seed", range(6))
def test_no_share_gives_a_hidden_number_away(seed: int) -> None:
    """A partner sees shares with a decimal: with what they are of, they often allow one number alone."""
    counts = a_quarter(seed)
    hidden = hidden_cells(counts, profile=Profile.PARTNER, breakdowns=BREAKDOWNS)
    counted = Counted(numbers=counts, medians={})
    rows = rows_of(QUARTER, counted, profile=Profile.PARTNER, breakdowns=BREAKDOWNS, categories={})
    tried = 0
    for row in rows:
        if row.metric.shape != Shape.SHARE or row.value.value is None or row.n.value is None:
            continue
        all_of_them = int(row.n.value)
        fitting = [n for n in range(all_of_them + 1) if percent(n, all_of_them, places=1) == Decimal(row.value.value)]
        tried += len(fitting) == 1
        assert len(fitting) > 1 or Cell(row.metric.numerator, row.breakdown, row.category) not in hidden
    assert tried, "shares that allow one number alone are shown, where that number is"
