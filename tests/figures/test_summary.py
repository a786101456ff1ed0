"""What the first page of a return says of numbers that it is easy to say wrongly."""

from __future__ import annotations

import pytest
from flask import Flask

from booking.formats.figures_summary import not_known, what_happened
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.facts import Facts
from booking.rules.engagement.metric import Cell
from booking.rules.figures import Row, rows_of

pytestmark = pytest.mark.one_database
Q4 = parse_period("2025-26-Q4")


@pytest.mark.parametrize(
    ("due", "in_time", "said"),
    [
        (0, 0, ""),
        (1, 1, "Families were due 1 answer to what they had raised: it came within 42 days."),
        (1, 0, "Families were due 1 answer to what they had raised: it did not come within 42 days."),
        (8, 8, "Families were due 8 answers to what they had raised: all of the answers came within 42 days."),
        (
            8,
            2,
            "Families were due 8 answers to what they had raised: about 1 in 4 answers came within 42 days (25.0%).",
        ),
    ],
)
def test_of_answers_it_is_said_how_many_were_due(due: int, in_time: int, said: str, in_app: Flask) -> None:
    sentences = [each for each in what_happened(_rows(issues_due=due, answered_in_time=in_time)) if "42 days" in each]
    assert sentences == ([said] if said else [])


def test_answers_stand_beside_the_people_who_came(in_app: Flask) -> None:
    said = "Afterwards we got 68 answers; 95 different people came. Who did not answer may think otherwise."
    assert said in not_known(_rows(answers=68, adults=95))


def test_who_is_not_written_down_is_named_with_the_figure_that_leaves_them_out(in_app: Flask) -> None:
    said = "Nobody wrote down whether about 1 in 10 people who were expected came: the attendance rate leaves them out"
    assert any(each.startswith(said) for each in not_known(_rows(expected=50, recorded=45, unrecorded=5)))


def _rows(**numbers: int) -> list[Row]:
    """Give the rows of a quarter in which there is this, and nothing else."""
    nothing = count(Q4, Facts())
    there = Counted({**nothing.numbers, **{Cell(measure): number for measure, number in numbers.items()}})
    return rows_of(Q4, there, profile=Profile.INTERNAL, breakdowns=(), categories={})
