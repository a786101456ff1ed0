"""Read what is remembered along one chain of bookings; whoever does not hold a link of the chain sees nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, RememberedNeed


def root_of(booking: Booking) -> int:
    """Return the first booking of the chain that was begun from one another's pages."""
    return booking.root_id or booking.id


def remembered_for(booking: Booking) -> Sequence[RememberedNeed]:
    """Return what the pages of this booking's chain show as remembered."""
    if booking.family_id is None:
        return []
    return db.session.scalars(
        select(RememberedNeed)
        .where(RememberedNeed.family_id == booking.family_id, RememberedNeed.root_id == root_of(booking))
        .order_by(RememberedNeed.id)
    ).all()
