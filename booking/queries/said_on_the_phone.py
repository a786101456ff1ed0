"""Find the booking a family on the telephone means."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, select

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event
from booking.queries.families import families_with_contact
from booking.rules.references import normal_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where the booking stands."""

    event_id: int
    reference: str


def booking_said(text: str) -> Said | None:
    """Return the booking with this reference, in any case and spacing, else the family's next or else latest one."""
    if reference := normal_reference(text):
        event_id = db.session.scalar(select(Booking.event_id).where(Booking.reference == reference))
        if event_id is not None:
            return Said(event_id=event_id, reference=reference)
    families = families_with_contact(text) if text.strip() else []
    if not families:
        return None
    is_over = case((Event.ends_at < clock.now(), 1), else_=0)
    when = select(Booking.event_id, Booking.reference, Event.starts_at, is_over)
    rows = db.session.execute(
        when.join(Event, Event.id == Booking.event_id).where(Booking.family_id.in_(families)).order_by(Booking.id)
    ).all()
    coming = [row for row in rows if not row[3]]
    chosen = min(coming, key=lambda row: row[2]) if coming else max(rows, key=lambda row: row[2], default=None)
    return Said(event_id=chosen[0], reference=chosen[1]) if chosen else None
