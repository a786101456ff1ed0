"""The outbox as staff see it: what, to whom, how far; never what a message says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from booking.extensions import db
from booking.models import Booking, Message
from booking.rules.words import MessageStatus

PAGE = 100


def list_messages(*, status: MessageStatus | None = None, among: Collection[int] | None = None) -> Sequence[Message]:
    """Return the latest messages, of one status and about some sessions if given."""
    statement = _about(among, select(Message)).options(joinedload(Message.booking).joinedload(Booking.event))
    if status is not None:
        statement = statement.where(Message.status == status)
    return db.session.scalars(statement.order_by(Message.id.desc()).limit(PAGE)).all()


def find_message(message_id: int) -> Message | None:
    """Return one message with its booking and session."""
    statement = select(Message).where(Message.id == message_id)
    return db.session.scalar(statement.options(joinedload(Message.booking).joinedload(Booking.event)))


def latest_to_staff(staff_id: int) -> Message | None:
    """Return the latest mail to a member of staff."""
    return db.session.scalar(select(Message).where(Message.staff_id == staff_id).order_by(Message.id.desc()).limit(1))


def count_by_status(*, among: Collection[int] | None = None) -> dict[MessageStatus, int]:
    """Return how many messages stand in each status."""
    counts: Any = select(Message.status, func.count(Message.id)).group_by(Message.status)
    rows = db.session.execute(_about(among, counts))
    found = {row[0]: row[1] for row in rows}
    return {status: found.get(status, 0) for status in MessageStatus}


def _about(among: Collection[int] | None, statement: Select[Any]) -> Select[Any]:
    """Keep to the messages about these sessions: what is about none, such as news, is then not shown."""
    if among is None:
        return statement
    return statement.where(Message.booking_id.in_(select(Booking.id).where(Booking.event_id.in_(among))))
