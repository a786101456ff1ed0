"""Every column that is unreadable at rest, found from the tables themselves, and its values as they lie there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Text, select, type_coerce

from booking.extensions import db
from booking.models import Base
from booking.models.base import SealedBytes, SealedJson, SealedText

ROWS_AT_ONCE = 1000


def sealed_columns() -> list[Column[Any]]:
    """Return the sealed columns of all tables."""
    tables = Base.metadata.sorted_tables
    return [
        column
        for table in tables
        for column in table.columns
        if isinstance(column.type, SealedText | SealedBytes | SealedJson)
    ]


def place_of(column: Column[Any]) -> str:
    """Return the `table.column` under which a column's values were sealed."""
    place: str = column.type.place  # type: ignore[attr-defined]
    return place


def sealed_values(column: Column[Any]) -> Iterator[tuple[int, str]]:
    """Give the id and the sealed value of each row that has one."""
    as_it_lies = type_coerce(column, Text)
    statement = select(column.table.c.id, as_it_lies).where(column.is_not(None)).order_by(column.table.c.id)
    rows = db.session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    yield from ((row[0], row[1]) for row in rows)
