"""The drafts that are to come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.extensions import db
from booking.models import Event, Venue
from booking.rules.words import EventStatus

MOST = 200


def drafted_sessions() -> Sequence[Event]:
    """Return the drafts to come with what is known of their places, by start; 200 at most."""
    return db.session.scalars(
        select(Event)
        .where(Event.status == EventStatus.DRAFT, Event.starts_at > clock.now())
        .options(joinedload(Event.venue).selectinload(Venue.facts), selectinload(Event.slots))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    ).all()
