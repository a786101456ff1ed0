"""What families say has changed at a place, and nobody has looked into yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.extensions import db
from booking.models import PlaceReport

PAGE = 50


def new_place_reports() -> Sequence[PlaceReport]:
    """Return them, the oldest first."""
    statement = select(PlaceReport).where(PlaceReport.seen_at.is_(None)).options(joinedload(PlaceReport.venue))
    return db.session.scalars(statement.order_by(PlaceReport.id).limit(PAGE)).all()


def count_new_place_reports() -> int:
    """Count them."""
    return db.session.scalar(select(func.count(PlaceReport.id)).where(PlaceReport.seen_at.is_(None))) or 0
