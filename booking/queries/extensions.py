"""A booking that waits for more places of another: found here, and left out where families are counted."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from booking.extensions import db
from booking.models import Booking
from booking.rules.words import LIVE, BookingStatus


def extension_of(booking: Booking) -> Booking | None:
    """Find the booking with which a family waits for more places of this one; None when it does not."""
    return db.session.scalars(
        select(Booking)
        .where(Booking.extends_id == booking.id, Booking.status.in_(LIVE))
        .options(selectinload(Booking.places))
    ).one_or_none()


def is_a_family() -> ColumnElement[bool]:
    """Select the bookings that stand for a family: one that waits for more, or has joined up, is told with its main."""
    return Booking.extends_id.is_(None)


def may_come() -> ColumnElement[bool]:
    """Select the bookings of families, and what they still wait for."""
    return or_(Booking.extends_id.is_(None), Booking.status != BookingStatus.CANCELLED)
