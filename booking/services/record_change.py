"""Add one line to what happened to a booking."""

from __future__ import annotations

from typing import Any

from booking import clock
from booking.extensions import db
from booking.models import Booking, BookingChange
from booking.rules.words import ChangeKind


def record_change(booking: Booking, kind: ChangeKind, *, actor: str, **facts: Any) -> BookingChange:
    """Record what happened and by whom (`family`, `system` or `staff:<id>`); the facts hold nothing personal."""
    change = BookingChange(booking_id=booking.id, at=clock.now(), kind=kind, actor=actor, facts=facts)
    db.session.add(change)
    db.session.flush()
    return change
