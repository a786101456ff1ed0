"""From which moment to which facts are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from booking import clock


@dataclass(frozen=True, slots=True)
class Span:
    """The moments from `start` up to, and not with, `end`."""

    start: datetime
    end: datetime

    @classmethod
    def of_days(cls, first: date, last: date) -> Span:
        """Give the span of whole days in London, both included."""
        return cls(clock.start_of_day(first), clock.end_of_day(last))

    def holds(self, column: InstrumentedAttribute[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Give the conditions that a column's moment lies in it."""
        return column >= self.start, column < self.end
