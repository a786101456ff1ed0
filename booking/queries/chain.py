"""The coming bookings of one family that were begun from one another's pages, or belong to one course."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event, Place
from booking.queries.extensions import is_a_family
from booking.queries.remembered import root_of
from booking.rules.words import LIVE


def others_of(booking: Booking, *, of_course_only: bool = False) -> list[int]:
    """Return the ids of the other coming bookings of this one's chain or course, in order."""
    if booking.family_id is None:
        return []
    together = [] if of_course_only else [func.coalesce(Booking.root_id, Booking.id) == root_of(booking)]
    if booking.group_key is not None:
        together.append(Booking.group_key == booking.group_key)
    if not together:
        return []
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


def find_with_link(booking_id: int, *, link_version: int) -> Booking | None:
    """Find a family's booking whose link still has this version, with the people on it."""
    return db.session.scalars(
        select(Booking)
        .where(Booking.id == booking_id, Booking.link_version == link_version, Booking.family_id.is_not(None))
        .options(selectinload(Booking.places).joinedload(Place.adult))
    ).one_or_none()
