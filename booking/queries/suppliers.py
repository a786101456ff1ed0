"""Reads of the supplier book."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Fulfil, Locality, Need
from booking.models import Supplier

FROM_LEAD_DAYS = 3
"""What takes shorter than this to arrange, nobody is asked to supply."""


def list_suppliers(*, archived: bool = False) -> Sequence[Supplier]:
    """Return the suppliers in use, or those put away, by name."""
    which = Supplier.archived_at.is_not(None) if archived else Supplier.archived_at.is_(None)
    rows = db.session.scalars(select(Supplier).where(which)).all()
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def get_supplier(supplier_id: int) -> Supplier:
    """Return one supplier. Raise NotFound."""
    supplier = db.session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound("There is no such supplier.")
    return supplier


def supplied(locality: Locality) -> list[Need]:
    """List the needs that somebody may supply: those that are arranged or sent and take a while."""
    ways = {Fulfil.ARRANGE, Fulfil.SEND}
    return [need for need in locality.needs if ways & set(need.fulfil) and need.lead_days >= FROM_LEAD_DAYS]
