"""Keep the supplier book: add somebody, change what we know of them, put them away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Supplier
from booking.services.record_audit import record_audit

SCREEN = "staff.suppliers"


@dataclass(frozen=True, kw_only=True)
class SupplierDetails:
    """What staff type about a supplier; `notice_days` are working days."""

    name: str
    codes: tuple[str, ...]
    contact: str | None
    rate: str
    notice_days: int


def save_supplier(supplier_id: int | None, details: SupplierDetails) -> Supplier:
    """Add a supplier, or change one. Raise NotFound."""
    supplier = Supplier() if supplier_id is None else _lock(supplier_id)
    supplier.name, supplier.codes = details.name, list(details.codes)
    supplier.contact, supplier.rate = details.contact or None, details.rate
    supplier.notice_days = details.notice_days
    db.session.add(supplier)
    db.session.flush()
    action = "supplier added" if supplier_id is None else "supplier changed"
    record_audit(action, screen=SCREEN, subject_type="supplier", subject_id=supplier.id)
    return supplier


def archive_supplier(supplier_id: int, *, archived: bool) -> Supplier:
    """Put a supplier away, or take it out again; what they do already stays with them. Raise NotFound."""
    supplier = _lock(supplier_id)
    supplier.archived_at = clock.now() if archived else None
    db.session.flush()
    action = "supplier archived" if archived else "supplier restored"
    record_audit(action, screen=SCREEN, subject_type="supplier", subject_id=supplier.id)
    return supplier


def _lock(supplier_id: int) -> Supplier:
    statement = select(Supplier).where(Supplier.id == supplier_id).with_for_update()
    supplier = db.session.scalar(statement.execution_options(populate_existing=True))
    if supplier is None:
        raise NotFound("There is no such supplier.")
    return supplier
