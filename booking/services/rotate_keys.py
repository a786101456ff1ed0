"""Seal what older keys have sealed anew, with the newest key, a few values at a time while the site runs."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Text, select, type_coerce, update

from booking.cipher import CannotOpen, current_key_id, open_sealed, seal
from booking.extensions import db
from booking.queries.sealed_columns import place_of

AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Resealed:
    """What one batch did. `last_id` is where the next begins; None when the column is done."""

    resealed: int
    unreadable: int
    last_id: int | None


def reseal_some(column: Column[Any], *, after_id: int = 0) -> Resealed:
    """Seal the next values of one column anew. A value that changes meanwhile is left: the newest key sealed it.

    A value no key of this installation opens is left as it is, and counted.
    """
    table = column.table
    as_it_lies = type_coerce(column, Text)
    statement = (
        select(table.c.id, as_it_lies)
        .where(table.c.id > after_id, ~as_it_lies.startswith(f"{current_key_id()}.", autoescape=True))
        .order_by(table.c.id)
        .limit(AT_ONCE)
        .with_for_update()
    )
    rows = [(row[0], row[1]) for row in db.session.execute(statement)]
    fresh = {number: (old, new) for number, old in rows if (new := _anew(old, place=place_of(column))) is not None}
    for number, (old, new) in fresh.items():
        change = update(table).where(table.c.id == number, as_it_lies == old).values({column: type_coerce(new, Text)})
        db.session.execute(change)
    db.session.flush()
    return Resealed(
        resealed=len(fresh),
        unreadable=len(rows) - len(fresh),
        last_id=rows[-1][0] if len(rows) == AT_ONCE else None,
    )


def _anew(value: str, *, place: str) -> str | None:
    try:
        return seal(open_sealed(value, place=place), place=place)
    except (CannotOpen, binascii.Error):
        return None
