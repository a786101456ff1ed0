"""What of an attendance file is there already: its bookings, sessions, venues, families and adults, by our numbers."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from booking.extensions import db
from booking.models import Adult, Booking, Event, Family, Venue

VenueKey = tuple[str, str]
FamilyKey = tuple[str, str]
"""The column a family of the file is found by, and its value there."""

FAMILY_KEYS = ("key", "email_hash", "import_hash")


def known_bookings(ids: Collection[str]) -> dict[str, int]:
    """Find bookings by what they were imported under, else by their reference."""
    return _known(Booking.reference, Booking.id, ids) | _known(Booking.import_id, Booking.id, ids)


def known_sessions(ids: Collection[str]) -> dict[str, int]:
    """Find sessions by what they were imported under, else by the name in their address."""
    return _known(Event.slug, Event.id, ids) | _known(Event.import_id, Event.id, ids)


def known_venues() -> list[tuple[int, str, str]]:
    """Return the number, name and district of every venue; of two alike, the one that counts comes last."""
    statement = select(Venue.id, Venue.name, Venue.district).order_by(Venue.archived_at.is_(None), Venue.id.desc())
    return [(number, name, district) for number, name, district in db.session.execute(statement)]


def venue_key(name: str, district: str) -> VenueKey:
    """Return what two spellings of a venue share."""
    return " ".join(name.casefold().split()), district


def known_families(keys: Collection[FamilyKey]) -> dict[FamilyKey, int]:
    """Find families by their keys; of several with one address, the oldest."""
    known: dict[FamilyKey, int] = {}
    for name in FAMILY_KEYS:
        values = [value for column, value in keys if column == name]
        found = _known(getattr(Family, name), Family.id, values)
        known |= {(name, value): number for value, number in found.items()}
    return known


def known_adults(families: Collection[int]) -> dict[tuple[int, str], int]:
    """Find the imported adults of families by family and mark."""
    return _adults(Adult.family_id.in_(_rows_of(families))) if families else {}


def last_number(model: Any) -> int:
    """Return the highest number of a table so far: what is inserted from now on has a higher one."""
    return db.session.scalar(select(func.max(model.id))) or 0


def added_since(last: int, model: Any) -> dict[str, int]:
    """Return the numbers of the bookings, or sessions, that were imported after a number."""
    statement = select(model.import_id, model.id).where(model.id > last, model.import_id.is_not(None))
    return {row[0]: row[1] for row in db.session.execute(statement)}


def families_since(last: int) -> dict[FamilyKey, int]:
    """Return the families that were added after a number, by each of their keys."""
    columns = [getattr(Family, name) for name in FAMILY_KEYS]
    return {
        (name, value): number
        for number, *values in db.session.execute(select(Family.id, *columns).where(Family.id > last))
        for name, value in zip(FAMILY_KEYS, values, strict=True)
        if value
    }


def adults_since(last: int) -> dict[tuple[int, str], int]:
    """Return the imported adults that were added after a number, by family and mark."""
    return _adults(Adult.id > last)


def _adults(which: ColumnElement[bool]) -> dict[tuple[int, str], int]:
    statement = select(Adult.family_id, Adult.import_hash, Adult.id).where(which, Adult.import_hash.is_not(None))
    return {(family_id, mark): number for family_id, mark, number in db.session.execute(statement) if mark}


def _known(column: Any, number: Any, values: Collection[str]) -> dict[str, int]:
    fitting = [value for value in values if len(value) <= column.type.length]
    if not fitting:
        return {}
    statement = select(column, number).where(column.in_(_rows_of(fitting))).order_by(number.desc())
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _rows_of(values: Collection[str] | Collection[int]) -> Select[Any]:
    """Return values as rows, out of one parameter.

    With a parameter for each, PostgreSQL compares all of them with every row once it has prepared the statement:
    100,000 rows then take an hour, and an OR between two columns makes it so at once.
    """
    text = json.dumps(list(values))
    if db.session.connection().dialect.name == "sqlite":
        return select(func.json_each(text).table_valued("value").c.value)
    row = func.jsonb_array_elements_text(cast(literal(text, Text), JSONB)).column_valued("value")
    return select(cast(row, Integer) if isinstance(next(iter(values)), int) else row)
