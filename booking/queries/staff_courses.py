"""A course as staff see it, drafts and all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from booking.errors import NotFound
from booking.extensions import db
from booking.models import Event, Series, Venue


def get_series(series_id: int) -> Series:
    """Return a course with its dates, their places and what is known of them. Raise NotFound."""
    dates = selectinload(Series.events)
    series = db.session.scalar(
        select(Series)
        .where(Series.id == series_id)
        .options(dates.joinedload(Event.venue).selectinload(Venue.facts), dates.selectinload(Event.slots))
    )
    if series is None:
        raise NotFound("There is no such course.")
    return series
