"""When two shares of those who answered can be compared, and the steps of a map."""

from __future__ import annotations

from decimal import Decimal

import pytest

from booking.rules.intervals import Compared, Share, compare
from booking.rules.map_steps import BY_REPRESENTATION, even_steps, step_of, steps_at


class TestCompare:
    @pytest.mark.parametrize(
        ("one", "other", "said"),
        [
            ((7, 8), (45, 60), Compared.TOO_FEW),  # 53 to 98 and 63 to 84
            ((18, 20), (6, 20), Compared.MORE),  # 70 to 97 and 15 to 52
            ((6, 20), (18, 20), Compared.LESS),
            ((20, 20), (0, 20), Compared.MORE),
            ((5, 10), (5, 10), Compared.TOO_FEW),
            ((1, 1), (0, 1), Compared.TOO_FEW),
            ((0, 0), (18, 20), Compared.TOO_FEW),
            ((18, 20), (0, 0), Compared.TOO_FEW),
        ],
    )
    def test_overlapping_intervals_are_too_few_answers(
        self, one: tuple[int, int], other: tuple[int, int], said: Compared
    ) -> None:
        assert compare(Share(*one), Share(*other)) == said

    def test_of_nobody_there_is_no_share_and_no_interval(self) -> None:
        assert (Share(0, 0).percent, Share(0, 0).interval) == (None, None)

    def test_the_interval_of_seven_of_eight(self) -> None:
        assert [round(bound) for bound in Share(7, 8).interval or ()] == [53, 98]


class TestSteps:
    def test_even_steps_have_whole_bounds_where_values_are_large(self) -> None:
        steps = even_steps([Decimal("3.2"), Decimal("22.4"), Decimal(0)])
        assert [(step.from_, step.until) for step in steps] == [(0, 6), (6, 12), (12, 18), (18, None)]
        assert [step_of(Decimal(value), steps) for value in ("0", "5.9", "6", "18", "22.4")] == [1, 1, 2, 4, 4]

    def test_small_values_have_bounds_with_one_decimal(self) -> None:
        assert [step.from_ for step in even_steps([Decimal("2.6")])] == [0, *map(Decimal, ("0.7", "1.4", "2.1"))]

    @pytest.mark.parametrize("values", [[], [Decimal(0)]])
    def test_nothing_has_no_steps(self, values: list[Decimal]) -> None:
        assert even_steps(values) == []
        assert step_of(Decimal(0), []) == 1

    def test_representation_is_below_half_below_about_and_more(self) -> None:
        steps = steps_at(BY_REPRESENTATION)
        assert [step_of(Decimal(value), steps) for value in ("0.49", "0.5", "0.8", "1.24", "1.25")] == [1, 2, 3, 3, 4]
