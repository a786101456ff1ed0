"""Read the sessions that machines may see: in the feeds, in frames on other sites, through the interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from booking.extensions import db
from booking.models import Event, Venue
from booking.queries.districts import is_in
from booking.rules.words import Delivery, EventKind, EventStatus

KEEP = timedelta(days=7)
"""How long the calendar feed shows a session, held or cancelled, after its date: programs then take it away cleanly."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last session of a page; the next page begins after it."""

    starts_at: datetime
    event_id: int


def calendar_events(*, now: datetime, district: str | None = None, kind: EventKind | None = None) -> Sequence[Event]:
    """Give what stands in the calendar feed: published ones, and cancelled ones that had been published."""
    statement = _with_venue().where(_was_public(), Event.ends_at > now - KEEP)
    if district:
        statement = statement.where(_in_district(district))
    if kind:
        statement = statement.where(Event.kind == kind)
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id)).all()


def calendar_changed_at(*, now: datetime) -> datetime | None:
    """Return when the calendar feeds last changed: a session did, or one was over long enough to leave them.

    It is asked of all sessions, so that one that leaves a district's feed by moving away changes that feed, too.
    """
    changed = select(func.max(Event.changed_at)).where(_was_public())
    over = select(func.max(Event.ends_at)).where(_was_public(), Event.ends_at <= now - KEEP)
    changed_at, left_at = db.session.scalar(changed), db.session.scalar(over)
    moments = [changed_at, left_at + KEEP if left_at else None]
    return max((moment for moment in moments if moment), default=None)


def coming_events(*, now: datetime, limit: int, district: str | None = None) -> Sequence[Event]:
    """Give the next sessions that will happen when they say."""
    statement = _with_venue().where(*_happening(), Event.starts_at > now)
    if district:
        statement = statement.where(_in_district(district))
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id).limit(limit)).all()


def new_events(*, now: datetime, limit: int) -> Sequence[Event]:
    """Give the coming sessions that changed last, newest first."""
    statement = _with_venue().where(Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
    return db.session.scalars(statement.order_by(Event.changed_at.desc(), Event.id).limit(limit)).all()


def page_of_events(
    *,
    since: datetime,
    until: datetime | None = None,
    district: str | None = None,
    kind: EventKind | None = None,
    after: Cursor | None = None,
    limit: int,
) -> Sequence[Event]:
    """Give one page by start then id. What begins at `since` is in it; what begins at `until` is not."""
    statement = _with_venue().where(*_happening(), Event.starts_at >= since)
    if until:
        statement = statement.where(Event.starts_at < until)
    if district:
        statement = statement.where(_in_district(district))
    if kind:
        statement = statement.where(Event.kind == kind)
    if after:
        statement = statement.where(tuple_(Event.starts_at, Event.id) > (after.starts_at, after.event_id))
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id).limit(limit)).all()


def database_answers() -> bool:
    """Ask the database for nothing at all. Raise what it raises when it does not answer."""
    return db.session.scalar(select(1)) == 1


def _with_venue() -> Select[Event]:
    return select(Event).outerjoin(Event.venue).options(joinedload(Event.venue))


def _happening() -> tuple[ColumnElement[bool], ...]:
    """Published, and with a date that holds: a postponed session has none until it gets a new one."""
    return Event.status == EventStatus.PUBLISHED, Event.new_date_pending.is_(False)


def _was_public() -> ColumnElement[bool]:
    return or_(
        Event.status == EventStatus.PUBLISHED,
        and_(Event.status == EventStatus.CANCELLED, Event.first_published_at.is_not(None)),
    )


def _in_district(district: str) -> ColumnElement[bool]:
    return and_(is_in(Venue.district, district), Event.delivery != Delivery.ONLINE)
