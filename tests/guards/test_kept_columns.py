"""Whatever holds personal data stands in the table that says how long it is kept."""

from __future__ import annotations

from booking.models import Base
from booking.queries.sealed_columns import place_of, sealed_columns
from booking.rules.retention import RETENTION

KEPT = {column for row in RETENTION for column in row.columns}
ALL = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}


def test_every_sealed_column_is_in_a_row_of_the_retention_table() -> None:
    assert sorted({place_of(column) for column in sealed_columns()} - KEPT) == []


def test_every_code_made_from_a_contact_is_in_a_row_of_the_retention_table() -> None:
    assert sorted({column for column in ALL if column.endswith("_hash")} - KEPT) == []


def test_the_retention_table_names_no_column_that_is_not_there() -> None:
    assert sorted(KEPT - ALL) == []
