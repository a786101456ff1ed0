"""The coming bookings of one family that were begun from one another's pages, or belong to one course."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event
from booking.queries.extensions import is_a_family
from booking.queries.remembered import root_of
from booking.rules.words import LIVE


def others_of(booking: Booking) -> list[int]:
    """Return the ids of the other coming bookings of this one's chain or course, in order."""
    if booking.family_id is None:
        return []
    together = [func.coalesce(Booking.root_id, Booking.id) == root_of(booking)]
    if booking.group_key is not None:
        together.append(Booking.group_key == booking.group_key)
    statement = (
        select(Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .where(
            or_(*together),
            Booking.family_id == booking.family_id,
            Booking.id != booking.id,
            Booking.status.in_(LIVE),
            Event.starts_at > clock.now(),
            is_a_family(),
        )
        .order_by(Booking.id)
    )
    return list(db.session.scalars(statement))
