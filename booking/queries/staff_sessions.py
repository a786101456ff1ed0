"""Sessions as staff see them: the list with its counts, and one session whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, MayCome, Venue
from booking.rules.words import BookingMode, BookingStatus, EventStatus

PAGE = 100


@dataclass(frozen=True)
class SessionRow:
    """One line of a list of sessions; `may_come` are the adults who said that they may turn up."""

    event: Event
    state: str
    waiting: int
    may_come: int = 0

    @property
    def is_booked(self) -> bool:
        """Return whether places are booked, rather than people just turning up."""
        return self.event.booking_mode != BookingMode.OPEN


def list_sessions(*, past: bool = False, text: str = "") -> list[SessionRow]:
    """Return coming sessions by start, or past ones latest first, whose title, town or venue holds the text."""
    now = clock.now()
    statement = _rows(text)
    if past:
        statement = statement.where(Event.ends_at <= now, Event.new_date_pending.is_(False))
        statement = statement.order_by(Event.starts_at.desc(), Event.id.desc())
    else:
        statement = statement.where(or_(Event.ends_at > now, Event.new_date_pending.is_(True)))
        statement = statement.order_by(Event.starts_at, Event.id)
    return _as_rows(statement.limit(PAGE))


def sessions_between(start: datetime, end: datetime) -> list[SessionRow]:
    """Return the published sessions that begin in a span, by start; cancelled ones too, so that nobody goes there."""
    statement = _rows("").where(Event.starts_at >= start, Event.starts_at < end, Event.status != EventStatus.DRAFT)
    return _as_rows(statement.order_by(Event.starts_at, Event.id))


def registers_open(*, since: datetime) -> list[SessionRow]:
    """Return the sessions that are over and whose register nobody has closed."""
    statement = _rows("").where(
        Event.status == EventStatus.PUBLISHED,
        Event.new_date_pending.is_(False),
        Event.ends_at <= clock.now(),
        Event.ends_at > since,
        Event.register_closed_at.is_(None),
    )
    return _as_rows(statement.order_by(Event.starts_at.desc(), Event.id))


def get_session(event_id: int) -> Event:
    """Return one session with its venue, the facts about it, and its times. Raise NotFound."""
    event = db.session.scalar(
        select(Event)
        .where(Event.id == event_id)
        .options(joinedload(Event.venue).selectinload(Venue.facts), selectinload(Event.slots))
    )
    if event is None:
        raise NotFound("There is no such session.")
    return event


def state_of(event: Event, *, now: datetime) -> str:
    """Return draft, published, postponed, held or cancelled: what is stored, and what follows from it."""
    if event.status != EventStatus.PUBLISHED:
        return event.status.value
    if event.new_date_pending:
        return "postponed"
    return "held" if event.ends_at <= now else "published"


def _rows(text: str) -> Select[Any]:
    waiting = (
        select(func.count(Booking.id))
        .where(Booking.event_id == Event.id, Booking.status == BookingStatus.WAITING)
        .scalar_subquery()
    )
    may_come = select(func.sum(MayCome.adults)).where(MayCome.event_id == Event.id).scalar_subquery()
    statement = select(Event, waiting, may_come).options(joinedload(Event.venue))
    if text:
        statement = statement.outerjoin(Event.venue).where(_holds(text))
    return statement


def _holds(text: str) -> ColumnElement[bool]:
    part = "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return or_(*(func.lower(column).like(part, escape="\\") for column in (Event.title, Venue.name, Venue.town)))


def _as_rows(statement: Select[Any]) -> list[SessionRow]:
    now = clock.now()
    rows = db.session.execute(statement)
    return [SessionRow(event, state_of(event, now=now), waiting, int(may or 0)) for event, waiting, may in rows]
