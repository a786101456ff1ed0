"""Which hidden numbers have one possible value only, for somebody who knows all that is shown: asked of a solver.

Suppressed tables are audited so: a number is safe when another answer in whole numbers fits everything that is shown
and differs in it (Hundepool and others, Statistical Disclosure Control, 2012, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from random import Random
from typing import Any, Generic, NamedTuple, TypeVar

CellT = TypeVar("CellT", bound=Hashable)

_GUESSES = 6
"""Questions in which every number is asked to differ at once, before each is asked for by itself."""


class Known(NamedTuple, Generic[CellT]):
    """What a reader knows of some hidden numbers: so often each of them is so much together, or between two numbers."""

    factors: Mapping[CellT, int]
    least: float
    most: float

    def holds(self, answer: Mapping[CellT, int]) -> bool:
        """Tell whether it is true of an answer."""
        return self.least <= sum(factor * answer[cell] for cell, factor in self.factors.items()) <= self.most


def only_answers(
    counts: Mapping[CellT, int],
    hidden: Collection[CellT],
    lines: Iterable[Mapping[CellT, int]],
    *,
    ask_for: Collection[CellT],
    limits: Iterable[Mapping[CellT, int]] = (),
    any_number: Collection[CellT] = (),
) -> frozenset[CellT]:
    """Find those of some hidden cells that follow from the shown ones.

    A line's cells add up to 0, each so often, and a limit's to 0 at most. A nought is shown, so readers know that what
    is hidden is at least 1; beside a nought that had to be hidden they cannot. `any_number` may be below 0, too.
    """
    known = [_of_hidden(line, hidden, counts, is_limit=False) for line in lines]
    known += [_of_hidden(limit, hidden, counts, is_limit=True) for limit in limits]
    groups = _apart(hidden, [each for each in known if each.factors])
    return frozenset(
        cell
        for cells, of_them in groups
        if (asked := [cell for cell in cells if cell in ask_for])
        for cell in _only(asked, _Solver(cells, of_them, counts, any_number))
    )


def _of_hidden(
    line: Mapping[CellT, int], hidden: Collection[CellT], counts: Mapping[CellT, int], *, is_limit: bool
) -> Known[CellT]:
    """Write down what is left to know of the hidden cells: the true sum, or what the shown cells leave them at most."""
    factors = {cell: factor for cell, factor in line.items() if factor and cell in hidden}
    if is_limit:
        shown = sum(factor * counts[cell] for cell, factor in line.items() if cell not in hidden)
        return Known(factors, -math.inf, -shown)
    together = sum(factor * counts[cell] for cell, factor in factors.items())
    return Known(factors, together, together)


def _apart(hidden: Iterable[CellT], known: Iterable[Known[CellT]]) -> Iterator[tuple[list[CellT], list[Known[CellT]]]]:
    """Take apart what nothing joins that is known: several small problems are solved faster than a large one."""
    group_of = {cell: [cell] for cell in hidden}
    for each in known:
        first, *others = each.factors
        for other in others:
            if (joined := group_of[other]) is not group_of[first]:
                group_of[first] += joined
                group_of |= dict.fromkeys(joined, group_of[first])
    for group in {id(group): group for group in group_of.values()}.values():
        mine = frozenset(group)
        yield group, [each for each in known if not mine.isdisjoint(each.factors)]


def _only(cells: list[CellT], solver: _Solver[CellT]) -> set[CellT]:
    """Look for other answers until every cell has differed in one, or has none."""
    left, draw = set(cells), Random(0)  # noqa: S311 (it draws questions, no secret)
    for _guess in range(_GUESSES):
        if left:
            left -= solver.differ({cell: draw.choice((1, -1)) for cell in cells if cell in left})
    for cell in cells:
        for direction in (1, -1):
            if cell in left:
                left -= solver.differ({cell: direction})
    return left


class _Solver(Generic[CellT]):
    """What is known of some hidden cells, in HiGHS."""

    def __init__(
        self,
        cells: list[CellT],
        known: list[Known[CellT]],
        counts: Mapping[CellT, int],
        any_number: Collection[CellT],
    ) -> None:
        import highspy  # noqa: PLC0415 (with numpy it takes 30 MB, and no family's request needs it)
        import numpy as np  # noqa: PLC0415

        self._cells, self._known = cells, known
        self._true = [counts[cell] for cell in cells]
        self._places = np.arange(len(cells), dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        most = 2 * sum(map(abs, self._true)) + 2
        least = min(1, *(true for cell, true in zip(cells, self._true, strict=True) if cell not in any_number), 1)
        for cell in cells:
            self._highs.addVar(-most if cell in any_number else least, most)
        at = {cell: place for place, cell in enumerate(cells)}
        for factors, lower, upper in known:
            columns = np.array([at[cell] for cell in factors], dtype=np.int32)
            values = np.array(list(factors.values()), dtype=float)
            self._highs.addRow(lower, upper, len(factors), columns, values)
        self._array = np.array
        self._kinds = highspy.HighsVarType

    def differ(self, directions: Mapping[CellT, int]) -> set[CellT]:
        """Ask for an answer with these cells as large (1) or as small (-1) as can be; return all that differ in it.

        Raise ArithmeticError where the solver gives none.
        """
        costs = self._array([-float(directions.get(cell, 0)) for cell in self._cells])
        self._highs.changeColsCost(len(self._cells), self._places, costs)
        answer = self._answer() or self._answer_in_whole_numbers()
        if answer is None:
            raise ArithmeticError("the solver found no answer, though the true numbers are one")
        return {cell for cell, true in zip(self._cells, self._true, strict=True) if answer[cell] != true}

    def _answer(self) -> dict[CellT, int] | None:
        """Return an answer if it comes out in whole numbers, as it mostly does in tables."""
        self._highs.run()
        if self._highs.getModelStatus() != self._optimal:
            return None
        answer = dict(zip(self._cells, map(round, self._highs.getSolution().col_value), strict=True))
        return answer if all(each.holds(answer) for each in self._known) else None

    def _answer_in_whole_numbers(self) -> dict[CellT, int] | None:
        self._let_be(self._kinds.kInteger)
        answer = self._answer()
        self._let_be(self._kinds.kContinuous)
        return answer

    def _let_be(self, kind: Any) -> None:
        self._highs.changeColsIntegrality(len(self._cells), self._places, self._array([kind] * len(self._cells)))
