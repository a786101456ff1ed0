"""Publish every date of a series that is a draft, in one deed."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Event
from booking.rules.words import EventStatus
from booking.services.locks import lock_event
from booking.services.publish_session import publish_session


def publish_series(series_id: int, *, reason: str = "", clash_reason: str = "") -> int:
    """Publish the drafts of a series that are to come; return how many. Raise what `publish_session` raises."""
    drafts = db.session.scalars(
        select(Event.id)
        .where(Event.series_id == series_id, Event.status == EventStatus.DRAFT, Event.starts_at > clock.now())
        .order_by(Event.id)
    ).all()
    for event_id in drafts:
        lock_event(event_id)
    for event_id in drafts:
        publish_session(event_id, reason=reason, clash_reason=clash_reason)
    return len(drafts)
