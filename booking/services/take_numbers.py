"""Numbers for rows that are to be inserted, so that what belongs together is known before anything is locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, text

from booking.extensions import db
from booking.queries.known_attendance import last_number


def take_numbers(model: Any, count: int) -> Sequence[int]:
    """Return numbers that new rows of a table may have.

    PostgreSQL gives them to nobody else. On SQLite they are what would come next: whoever has the writer's lock asks
    `next_number` again, and moves them on.
    """
    if not count:
        return ()
    if db.session.connection().dialect.name == "sqlite":
        first = next_number(model)
        return range(first, first + count)
    statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return [number for (number,) in db.session.execute(statement, {"name": model.__tablename__, "count": count})]


def next_number(model: Any) -> int:
    """Return what a new row of a table would have on SQLite; where a number is never used again, no used one."""
    table: Table = model.__table__
    last = last_number(model)
    if table.dialect_options["sqlite"]["autoincrement"]:
        used = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = max(last, db.session.scalar(used, {"name": table.name}) or 0)
    return last + 1
