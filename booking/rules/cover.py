"""Which cells to hide beside one that was found out, so that it could be another: the cheapest, asked of a solver.

Every number may be moved, the hidden ones for nothing and the shown ones for what they are worth to readers. What
has to move, so that the one that was found out moves by one, is what has to be hidden (Kelly, Golden and Assad, 1992).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Generic, TypeVar

CellT = TypeVar("CellT")

_NEAR_NOUGHT = 1e-6


class Cover(Generic[CellT]):
    """All numbers and how they hang together, in HiGHS: how far each is moved up, and how far down."""

    def __init__(
        self,
        counts: Mapping[CellT, int],
        lines: Sequence[Mapping[CellT, int]],
        limits: Sequence[Mapping[CellT, int]],
        *,
        costs: Mapping[CellT, float],
        fixed: Collection[CellT],
        any_number: Collection[CellT],
    ) -> None:
        """Take a line's cells to add up to what they do, and a limit's to 0 at most. What is `fixed` never moves."""
        import highspy  # noqa: PLC0415 (with numpy it takes 30 MB, and no family's request needs it)
        import numpy as np  # noqa: PLC0415

        self._array, self._kinds, self._optimal = np.array, highspy.HighsVarType, highspy.HighsModelStatus.kOptimal
        self._cells, self._costs = list(counts), costs
        self._at = {cell: place for place, cell in enumerate(self._cells)}
        self._all = np.arange(2 * len(self._cells), dtype=np.int32)
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        most = 2 * sum(map(abs, counts.values())) + 2
        up = [0 if cell in fixed else most for cell in self._cells]
        down = [
            0 if cell in fixed else most if cell in any_number else max(counts[cell] - 1, 0) for cell in self._cells
        ]
        self._most = (*up, *down)
        for upper in self._most:
            self._highs.addVar(0, upper)
        for line in lines:
            self._add_row(line, 0, 0)
        for limit in limits:
            self._add_row(limit, -math.inf, -sum(factor * counts[cell] for cell, factor in limit.items()))

    def beside(self, cell: CellT, unseen: Collection[CellT], *, in_whole_people: bool = False) -> set[CellT]:
        """Give what moves when a hidden cell does: the hidden ones among it for nothing; nothing if it never can.

        By parts of people is asked fifty times as fast.
        """
        costs = [0 if each in unseen else self._costs[each] for each in self._cells] * 2
        self._highs.changeColsCost(len(self._all), self._all, self._array(costs, dtype=float))
        if not in_whole_people:
            return self._cheapest(cell)
        self._let_be(self._kinds.kInteger)
        moved = self._cheapest(cell)
        self._let_be(self._kinds.kContinuous)
        return moved

    def _cheapest(self, cell: CellT) -> set[CellT]:
        """Move it by one at least, up or down, whichever costs less."""
        up, down = self._at[cell], self._at[cell] + len(self._cells)
        answers = []
        for moving, still in ((up, down), (down, up)):
            if self._most[moving] >= 1:
                self._highs.changeColBounds(moving, 1, self._most[moving])
                self._highs.changeColBounds(still, 0, 0)
                self._highs.run()
                if self._highs.getModelStatus() == self._optimal:
                    answers.append((self._highs.getInfo().objective_function_value, self._moved()))
                for each in (up, down):
                    self._highs.changeColBounds(each, 0, self._most[each])
        return min(answers, key=lambda answer: answer[0])[1] if answers else set()

    def _moved(self) -> set[CellT]:
        value = self._highs.getSolution().col_value
        number = len(self._cells)
        return {cell for cell, at in self._at.items() if abs(value[at] - value[at + number]) > _NEAR_NOUGHT}

    def _add_row(self, factors: Mapping[CellT, int], least: float, most: float) -> None:
        at = [self._at[cell] for cell in factors]
        columns = self._array([*at, *(each + len(self._cells) for each in at)], dtype="int32")
        values = self._array([*factors.values(), *(-factor for factor in factors.values())], dtype=float)
        self._highs.addRow(least, most, len(columns), columns, values)

    def _let_be(self, kind: object) -> None:
        self._highs.changeColsIntegrality(len(self._all), self._all, self._array([kind] * len(self._all)))
