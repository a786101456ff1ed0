"""What was heard at a session: for staff, and for a family that came."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Heard
from booking.rules.heard import reads_note


def heard_at(event_id: int) -> Heard | None:
    """Return the note of a session as it stands now, or None."""
    statement = select(Heard).where(Heard.event_id == event_id)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def heard_for(booking: Booking) -> Heard | None:
    """Return the note if this family came; None for everybody else."""
    came = reads_note(booking.status, (place.outcome for place in booking.places))
    return heard_at(booking.event_id) if came else None
