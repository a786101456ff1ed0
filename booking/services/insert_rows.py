"""Insert very many rows of one table at once: by COPY into PostgreSQL, by one prepared statement into SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table

from booking.extensions import db
from booking.formats.attendance_input import Step, no_step
from booking.models.base import Coded, UtcDateTime

_AT_ONCE = 1000
_REMEMBERED = 1024


@dataclass(slots=True)
class Prepared:
    """Rows of one table as the driver wants them, each with the same columns."""

    table: Table
    names: list[str]
    rows: Iterable[list[Any]]


def insert_rows(table: Table, rows: Iterable[Mapping[str, Any]], step: Step = no_step) -> None:
    """Insert rows that all name the same columns, each value as its column keeps it; `step` hears how many are in.

    SQLAlchemy makes the parameters of every row anew, which took longer than the database itself. A column that the
    rows do not name has its default. Rows may be made while they are written, but not read from the database.
    """
    insert_prepared(prepare_rows(table, rows), step)


def prepare_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> Prepared:
    """Return rows as `insert_prepared` takes them; each is made when it is asked for."""
    rest = iter(rows)
    if not (first := next(rest, None)):
        return Prepared(table, [], [])
    dialect, fixed = db.session.connection().dialect, _defaults(table, first)
    prepare = _prepare([table.c[name] for name in first], dialect)
    same = _prepare([table.c[name] for name in fixed], dialect)(fixed)
    return Prepared(table, [*first, *fixed], ([*prepare(row), *same] for row in chain([first], rest)))


def insert_prepared(prepared: Prepared, step: Step = no_step) -> None:
    """Insert rows that are prepared; `step` hears how many are in."""
    if not prepared.names:
        return
    connection = db.session.connection()
    insert = _copy if connection.dialect.name == "postgresql" else _execute
    insert(connection, prepared.table, prepared.names, iter(prepared.rows), step)


def _defaults(table: Table, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the columns have that the rows do not name. Raise ValueError where it is another one in each row."""
    found = {}
    for column in table.columns:
        default: Any = column.default
        if default is None or column.name in named:
            continue
        if default.is_callable and default.arg(None) != default.arg(None):
            raise ValueError(f"{table.name}.{column.name} must be given: it is another one in each row.")
        found[column.name] = default.arg(None) if default.is_callable else default.arg
    return found


def _prepare(columns: list[Column[Any]], dialect: Dialect) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return what takes these columns out of a row, as the driver wants them."""
    names = [column.name for column in columns]
    needed = [(place, process) for place, column in enumerate(columns) if (process := _process(column, dialect))]

    def prepare(row: Mapping[str, Any]) -> list[Any]:
        ready = [row[name] for name in names]
        for place, process in needed:
            ready[place] = process(ready[place])
        return ready

    return prepare


def _process(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return how a column turns its values into the driver's. Codes and moments come again and are turned once."""
    process: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process and isinstance(column.type, Coded | UtcDateTime):
        return lru_cache(maxsize=_REMEMBERED)(process)
    return process


def _copy(connection: Connection, table: Table, names: list[str], rows: Iterator[list[Any]], step: Step) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {_into(connection, table, names)} FROM STDIN") as copy:
        while chunk := list(islice(rows, _AT_ONCE)):
            for row in chunk:
                copy.write_row(row)
            step(len(chunk))


def _execute(connection: Connection, table: Table, names: list[str], rows: Iterator[list[Any]], step: Step) -> None:
    statement = f"INSERT INTO {_into(connection, table, names)} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 (our own names)
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.exec_driver_sql(statement, [tuple(row) for row in chunk])
        step(len(chunk))


def _into(connection: Connection, table: Table, names: list[str]) -> str:
    write = connection.dialect.identifier_preparer
    return f"{write.format_table(table)} ({', '.join(map(write.quote, names))})"
