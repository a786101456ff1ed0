"""The level of participation that is counted."""

from __future__ import annotations

import pytest

from booking.rules.participation import counted_level
from booking.rules.words import CoProduction, Participation


def test_co_production_counts_with_all_four_ticks() -> None:
    assert counted_level(Participation.CO_PRODUCE, [each.value for each in CoProduction]) == Participation.CO_PRODUCE


@pytest.mark.parametrize("missing", CoProduction)
def test_co_production_without_one_of_them_counts_as_co_design(missing: CoProduction) -> None:
    ticks = [each.value for each in CoProduction if each != missing]
    assert counted_level(Participation.CO_PRODUCE, ticks) == Participation.CO_DESIGN


def test_ticks_raise_no_other_level() -> None:
    assert counted_level(Participation.INFORM, list(CoProduction)) == Participation.INFORM
