"""Find the session that somebody is about to make a second time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from booking.extensions import db
from booking.models import Event


def find_same_session(mark: str, title: str, *, starts_at: datetime, venue_id: int | None) -> int | None:
    """Return the session that was imported under this mark, or has this title, start and place, however it came."""
    is_then = and_(Event.starts_at == starts_at, Event.venue_id == venue_id)
    rows = db.session.execute(
        select(Event.id, Event.import_id, Event.title).where(or_(Event.import_id == mark, is_then)).order_by(Event.id)
    )
    same = (number for number, known, named in rows if known == mark or _plain(named) == _plain(title))
    return next(same, None)


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
