"""The programme of a term: its sessions, and which of them are planned in another span already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.extensions import db
from booking.models import Event
from booking.rules.words import EventStatus

MOST = 200
"""No term has more sessions, and nobody checks a longer list at once."""


def programme_of(first: date, last: date) -> Sequence[Event]:
    """Return the sessions of a span that took or take place, drafts too, by start; 200 at most."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.starts_at >= clock.start_of_day(first),
            Event.starts_at < clock.end_of_day(last),
            Event.status != EventStatus.CANCELLED,
        )
        .options(joinedload(Event.venue), joinedload(Event.series), selectinload(Event.slots))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    ).all()


def planned_already(starts: Collection[datetime]) -> set[tuple[str, datetime]]:
    """Return the title and the start of every session that begins at one of these moments."""
    rows = db.session.execute(
        select(Event.title, Event.starts_at).where(Event.starts_at.in_(starts), Event.status != EventStatus.CANCELLED)
    )
    return {(row.title, row.starts_at) for row in rows}
