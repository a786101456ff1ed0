"""Whose sessions are whose, and which session a page of staff is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select

from booking.extensions import db
from booking.models import Booking, Duty, Event, Feedback, Inbound, Issue, Message, NeedRequest, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A session that a page is about."""

    event_id: int
    starts_at: datetime
    ends_at: datetime
    is_own: bool


def own_sessions(staff_id: int) -> frozenset[int]:
    """Return the sessions that somebody organises or has a duty at."""
    return frozenset(db.session.scalars(select(Event.id).where(_is_own(staff_id))))


def subjects(name: str, number: int, *, staff_id: int) -> Sequence[Subject]:
    """Return the sessions that an address means whose part of this name holds this number; none if there is none."""
    events = _EVENTS[name](number)
    statement = select(Event.id, Event.starts_at, Event.ends_at, _is_own(staff_id)).where(Event.id.in_(events))
    return [
        Subject(event_id=row[0], starts_at=row[1], ends_at=row[2], is_own=bool(row[3]))
        for row in db.session.execute(statement)
    ]


def _is_own(staff_id: int) -> ColumnElement[bool]:
    return or_(Event.organiser_id == staff_id, Event.id.in_(select(Duty.event_id).where(Duty.staff_id == staff_id)))


def _of_need(number: int) -> Select[int]:
    return (
        select(Booking.event_id).join(NeedRequest, NeedRequest.booking_id == Booking.id).where(NeedRequest.id == number)
    )


def _of_message(number: int) -> Select[int]:
    return select(Booking.event_id).join(Message, Message.booking_id == Booking.id).where(Message.id == number)


def _of_mail(number: int) -> Select[int]:
    return select(Booking.event_id).join(Inbound, Inbound.booking_id == Booking.id).where(Inbound.id == number)


def _of_issue(number: int) -> Select[int]:
    return select(Issue.event_id).where(Issue.id == number)


def _of_feedback(number: int) -> Select[int]:
    return select(Feedback.event_id).where(Feedback.id == number)


_EVENTS = {
    "event_id": lambda number: select(Event.id).where(Event.id == number),
    "series_id": lambda number: select(Event.id).where(Event.series_id == number),
    "slot_id": lambda number: select(Slot.event_id).where(Slot.id == number),
    "booking_id": lambda number: select(Booking.event_id).where(Booking.id == number),
    "need_id": _of_need,
    "message_id": _of_message,
    "inbound_id": _of_mail,
    "issue_id": _of_issue,
    "feedback_id": _of_feedback,
}
SUBJECTS = tuple(_EVENTS)
"""The parts of addresses that mean a session, the plainest first."""
