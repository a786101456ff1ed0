"""What was corrected in a register after it had been closed: when, by whom and why. No family is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.extensions import db
from booking.models import AuditEntry, Event, Staff
from booking.rules.words import CorrectionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One of them; `who` is empty when that person's name is not kept any more."""

    at: datetime
    who: str
    action: str
    why: CorrectionReason


def corrections_of(event: Event, *, most: int = 50) -> Sequence[Correction]:
    """Return the latest, the last one first; nothing while the register is open."""
    if event.register_closed_at is None:
        return ()
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.reason, Staff.name)
        .outerjoin(Staff, Staff.id == AuditEntry.staff_id)
        .where(
            AuditEntry.at >= event.register_closed_at,
            AuditEntry.subject_type == "event",
            AuditEntry.subject_id == event.id,
            AuditEntry.reason.in_([reason.value for reason in CorrectionReason]),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(most)
    )
    return [
        Correction(at=row.at, who=row.name or "", action=row.action, why=CorrectionReason(row.reason)) for row in rows
    ]
