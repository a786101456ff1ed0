"""A number that a database looks for by no index."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute


def in_order(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Give a number so that SQLite does not begin with what it stands for, and looks for nothing by its index.

    Where all rows are added up it then goes through them as they were written: by the sessions' and bookings' indexes
    it jumped about the file for every row, and took four times as long (29 November). Where a family's own bookings
    are asked for, it begins with these and not with the sessions of two years.
    """
    return column + 0
