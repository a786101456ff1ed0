"""How many of the families that came to a session could be told what came of it."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from booking.extensions import db
from booking.models import Booking, Place
from booking.rules.words import BookingStatus, Outcome


def contactable_families(event_id: int) -> int:
    """Count the families that came and can be written or rung to today."""
    came = select(Place.id).where(Place.booking_id == Booking.id, Place.outcome == Outcome.ATTENDED).exists()
    statement = select(func.count(Booking.family_id.distinct())).where(
        Booking.event_id == event_id,
        Booking.status == BookingStatus.CONFIRMED,
        or_(Booking.email.is_not(None), Booking.phone.is_not(None)),
        came,
    )
    return db.session.scalar(statement) or 0
