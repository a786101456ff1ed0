"""The outbox as staff see it: what, to whom, how far; never what a message says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.extensions import db
from booking.models import Booking, Message
from booking.rules.words import MessageStatus

PAGE = 100


def list_messages(*, status: MessageStatus | None = None) -> Sequence[Message]:
    """Return the latest messages, of one status if given."""
    statement = select(Message).options(joinedload(Message.booking).joinedload(Booking.event))
    if status is not None:
        statement = statement.where(Message.status == status)
    return db.session.scalars(statement.order_by(Message.id.desc()).limit(PAGE)).all()


def find_message(message_id: int) -> Message | None:
    """Return one message with its booking and session."""
    statement = select(Message).where(Message.id == message_id)
    return db.session.scalar(statement.options(joinedload(Message.booking).joinedload(Booking.event)))


def count_by_status() -> dict[MessageStatus, int]:
    """Return how many messages stand in each status."""
    rows = db.session.execute(select(Message.status, func.count(Message.id)).group_by(Message.status))
    found = {row[0]: row[1] for row in rows}
    return {status: found.get(status, 0) for status in MessageStatus}
