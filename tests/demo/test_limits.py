"""What readers know to be never more than something else is true of the demonstration, quarter by quarter."""

from __future__ import annotations

import pytest
from flask import Flask

from booking.locality import get_locality
from booking.queries.facts.read import get_facts
from booking.rules.calendar_periods import parse_period
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import count
from booking.rules.engagement.metric import Cell
from tests.figures.test_limits import broken


@pytest.mark.usefixtures("in_demo")
@pytest.mark.parametrize("code", ["2025-26-Q4", "2026-27-Q1", "2026-27-Q2"])
def test_limits_are_true_of_the_demonstration(in_demo: Flask, code: str) -> None:
    period, kent = parse_period(code), get_locality("kent")
    counts = count(period, get_facts(period, locality=kent), breakdowns=tuple(BREAKDOWNS)).numbers
    assert list(broken(counts)) == []
    assert code == "2026-27-Q2" or counts[Cell("attended")]
