"""No hidden number can be worked out: tables are attacked with what a reader has, rows, columns and totals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.rules.disclosure import (
    SMALLEST_SHOWN,
    Flag,
    Line,
    Profile,
    cells_to_hide,
    rounded,
    show_count,
    show_rate,
)
from booking.rules.only_answers import only_answers


def a_list(*numbers: int) -> tuple[dict[object, int], list[Line[object]]]:
    """A table of one line with its total."""
    counts: dict[object, int] = dict(enumerate(numbers)) | {"all": sum(numbers)}
    return counts, [Line(tuple(range(len(numbers))), "all")]


def a_table(rows: list[list[int]]) -> tuple[dict[object, int], list[Line[object]]]:
    """A table of two dimensions with the totals of its rows, of its columns, and of all."""
    height, width = len(rows), len(rows[0])
    counts: dict[object, int] = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    counts |= {(r, "all"): sum(rows[r]) for r in range(height)}
    counts |= {("all", c): sum(row[c] for row in rows) for c in range(width)}
    counts["all", "all"] = sum(map(sum, rows))
    lines: list[Line[object]] = [Line(tuple((r, c) for c in range(width)), (r, "all")) for r in [*range(height), "all"]]
    lines += [Line(tuple((r, c) for r in range(height)), ("all", c)) for c in [*range(width), "all"]]
    return counts, lines


def solved_by_a_reader(counts: dict[object, int], lines: list[Line[object]], hidden: frozenset[object]) -> set[object]:
    """Find what a reader can work out: Gauss over dense fractions, written apart from the code under test."""
    unknown = sorted(hidden, key=str)
    matrix = []
    for line in lines:
        row = [Fraction(sum(cell == part for part in line.parts) - (cell == line.total)) for cell in unknown]
        rest = counts.get(line.total, 0) * (line.total not in hidden)
        rest -= sum(counts[part] for part in line.parts if part not in hidden)
        matrix.append([*row, Fraction(rest)])
    at = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(at, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[at], matrix[pivot] = matrix[pivot], matrix[at]
        matrix[at] = [value / matrix[at][column] for value in matrix[at]]
        for r in range(len(matrix)):
            if r != at and matrix[r][column]:
                matrix[r] = [a - matrix[r][column] * b for a, b in zip(matrix[r], matrix[at], strict=True)]
        at += 1
    found = set()
    for row in matrix:
        columns = [i for i, value in enumerate(row[:-1]) if value]
        if len(columns) == 1:
            assert row[-1] == counts[unknown[columns[0]]]
            found.add(unknown[columns[0]])
    return found


def narrowed_by_a_reader(
    counts: dict[object, int], lines: list[Line[object]], hidden: frozenset[object]
) -> dict[object, tuple[int, int]]:
    """Find between which numbers each hidden one lies, for a reader who knows that noughts are shown."""
    least = 0 if any(counts[cell] == 0 for cell in hidden) else 1
    most = sum(counts.values())
    between = {cell: (number, number) for cell, number in counts.items()} | dict.fromkeys(hidden, (least, most))
    while True:
        before = dict(between)
        for line in lines:
            _narrow(line, between)
        if between == before:
            return {cell: between[cell] for cell in hidden}


def _narrow(line: Line[object], between: dict[object, tuple[int, int]]) -> None:
    """Let the total lie between the sums of its parts, and each part in what the others leave."""
    least, most = (sum(between[part][end] for part in line.parts) for end in (0, 1))
    total = max(least, between[line.total][0]), min(most, between[line.total][1])
    between[line.total] = total
    for part in line.parts:
        low, high = between[part]
        between[part] = max(low, total[0] - (most - high)), min(high, total[1] - (least - low))


def found_out(counts: dict[object, int], lines: list[Line[object]], hidden: frozenset[object]) -> set[object]:
    """Return the hidden numbers that one of the two attacks finds."""
    narrowed = narrowed_by_a_reader(counts, lines, hidden)
    assert all(low <= counts[cell] <= high for cell, (low, high) in narrowed.items())
    return solved_by_a_reader(counts, lines, hidden) | {cell for cell, (low, high) in narrowed.items() if low == high}


class TestOneLine:
    def test_a_small_number_takes_the_next_smallest_with_it(self) -> None:
        counts, lines = a_list(3, 40, 12, 25)
        assert cells_to_hide(counts, lines, k=5) == {0, 2}

    def test_nothing_small_hides_nothing(self) -> None:
        counts, lines = a_list(5, 40, 0)
        assert cells_to_hide(counts, lines, k=5) == frozenset()

    def test_a_nought_is_shown(self) -> None:
        counts, lines = a_list(0, 3, 2, 20)
        assert cells_to_hide(counts, lines, k=5) == {1, 2}

    def test_hidden_numbers_add_up_to_at_least_k(self) -> None:
        counts, lines = a_list(1, 2, 30)
        assert cells_to_hide(counts, lines, k=5) == {0, 1, 2}

    def test_as_many_people_as_hidden_numbers_says_one_each(self) -> None:
        counts, lines = a_list(1, 1, 1, 1, 1, 9)
        assert cells_to_hide(counts, lines, k=5) == {0, 1, 2, 3, 4, 5}

    def test_where_all_are_few_the_total_goes_too(self) -> None:
        counts, lines = a_list(2, 0)
        assert cells_to_hide(counts, lines, k=5) == {0, "all"}

    @given(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.sampled_from([5, 10]))
    def test_no_reader_finds_a_hidden_number(self, numbers: list[int], k: int) -> None:
        counts, lines = a_list(*numbers)
        hidden = cells_to_hide(counts, lines, k=k)
        assert {cell for cell, number in counts.items() if 0 < number < k} <= hidden
        assert not found_out(counts, lines, hidden)


class TestTable:
    def test_two_in_each_line_can_still_give_one_away(self) -> None:
        """Two blocks of four joined by one cell: every line has two hidden, and the joint follows from the totals."""
        counts, lines = a_table([[20] * 4 for _ in range(4)])
        equations = [line.factors for line in lines]
        blocks = {(r, c) for r in (0, 1) for c in (0, 1)} | {(r, c) for r in (2, 3) for c in (2, 3)}
        joint = (1, 2)
        assert only_answers(counts, blocks | {joint}, equations, ask_for=blocks | {joint}) == {joint}
        assert only_answers(counts, blocks, equations, ask_for=blocks) == frozenset()

    def test_who_knows_that_noughts_are_shown_finds_no_number(self) -> None:
        """Sums gave nothing away here, but what is left for some had to be 1, and so the others were what they are."""
        counts, lines = a_table(
            [
                [5, 2, 45, 42, 1],
                [1, 11, 4, 51, 10],
                [60, 25, 4, 1, 1],
                [34, 51, 13, 8, 5],
                [4, 6, 4, 10, 9],
                [51, 8, 0, 5, 3],
            ]
        )
        assert not found_out(counts, lines, cells_to_hide(counts, lines, k=5))

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_no_reader_finds_a_hidden_number(self, data: st.DataObject) -> None:
        height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
        cell = st.one_of(st.integers(0, 12), st.integers(0, 60))
        rows = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=height, max_size=height))
        counts, lines = a_table(rows)
        k = data.draw(st.sampled_from([5, 10]))
        hidden = cells_to_hide(counts, lines, k=k)
        assert {place for place, number in counts.items() if 0 < number < k} <= hidden
        assert not found_out(counts, lines, hidden)
        for line in lines:
            parts = [counts[part] for part in line.parts if part in hidden]
            assert line.total in hidden or not parts or sum(parts) >= k


class TestShowing:
    def test_public_counts_are_rounded_and_inner_ones_are_not(self) -> None:
        assert show_count(13, profile=Profile.PUBLIC, is_hidden=False).value == 15
        assert show_count(13, profile=Profile.PARTNER, is_hidden=False).value == 13

    @pytest.mark.parametrize(("number", "near"), [(0, 0), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
    def test_rounding_is_to_the_nearest_five(self, number: int, near: int) -> None:
        assert rounded(number) == near

    def test_a_rate_has_one_decimal_inside_and_none_in_public(self) -> None:
        assert show_rate(45, 61, profile=Profile.INTERNAL, is_hidden=False).value == Decimal("73.8")
        assert show_rate(45, 61, profile=Profile.PUBLIC, is_hidden=False).value == Decimal("75")  # 45 of 60

    @pytest.mark.parametrize("below", range(10, 40))
    def test_a_public_rate_needs_twenty_and_tells_no_more_than_the_rounded_number(self, below: int) -> None:
        shown = show_rate(10, below, profile=Profile.PUBLIC, is_hidden=False)
        assert shown == show_rate(10, rounded(below), profile=Profile.PUBLIC, is_hidden=False)
        assert (shown.flag == Flag.PROTECTED) == (below < 23)

    def test_nothing_to_divide_by_is_not_applicable(self) -> None:
        assert show_rate(0, 0, profile=Profile.PARTNER, is_hidden=False).flag == Flag.NOT_APPLICABLE

    def test_inside_everything_is_shown(self) -> None:
        counts, lines = a_list(1, 2, 30)
        assert cells_to_hide(counts, lines, k=SMALLEST_SHOWN[Profile.INTERNAL]) == frozenset()
