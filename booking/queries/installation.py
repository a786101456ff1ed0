"""What is true of this installation as a whole."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.models import Venue


def is_demonstration() -> bool:
    """Return whether demonstration data is loaded; every page says so when it is."""
    return db.session.scalar(select(Venue.id).where(Venue.is_demo).limit(1)) is not None
