"""What came of a file of numbers that is brought in whole, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from booking.formats.csv_input import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """How many rows are new, differ from what was there, or are as they were; with problems nothing was written."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """Say how many."""
        return f"{self.new} new, {self.changed} changed, {self.same} as they were"
