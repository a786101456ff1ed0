"""Read one session with its place and what is known of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.extensions import db
from booking.models import Event, Venue
from booking.rules.words import EventStatus


def find_public_session(slug: str) -> Event | None:
    """Find a session that was published at some time, whatever became of it; drafts are nobody's business."""
    if "\0" in slug:  # PostgreSQL refuses to be asked for it
        return None
    return db.session.scalar(
        select(Event)
        .options(joinedload(Event.venue).selectinload(Venue.facts), selectinload(Event.slots))
        .where(Event.slug == slug, Event.status != EventStatus.DRAFT)
    )
