"""What of the outbox is due now, in which order, and how much of it may leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from booking import clock
from booking.extensions import db
from booking.models import Message
from booking.queries.installation import mails_an_hour
from booking.rules.delivery import ORDERS_NOTHING, UNHURRIED, mails_left
from booking.rules.words import UNFINISHED, Channel, MessageStatus

HOUR = timedelta(hours=1)


def is_due(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Tell whether a message's turn has come: its time is there, or its worker died, and nothing is before it."""
    is_ready = and_(Message.status == MessageStatus.QUEUED, Message.next_attempt_at <= now)
    is_orphan = and_(Message.status == MessageStatus.SENDING, Message.lease_until < now)
    return and_(or_(is_ready, is_orphan), ~_has_to_wait("booking_id"), ~_has_to_wait("subscription_id"))


def mails_of_the_last_hour() -> int:
    """Return how many mails began their way in the last hour, or are just about to."""
    began = Message.data_started_at > clock.now() - HOUR
    begins = and_(Message.status == MessageStatus.SENDING, Message.data_started_at.is_(None))
    statement = select(func.count(Message.id)).where(Message.channel == Channel.EMAIL, or_(began, begins))
    return db.session.scalars(statement).one()


def seconds_overdue() -> int:
    """Return how long the oldest message that is due has been so; 0 if nothing is.

    What a cap per hour holds back waits as it should: while it is used up, only what cannot wait counts.
    """
    now, cap = clock.now(), mails_an_hour()
    statement = select(func.min(Message.next_attempt_at)).where(is_due(now))
    if cap and mails_left(cap, sent=mails_of_the_last_hour()).unhurried == 0:
        statement = statement.where(Message.kind.not_in(UNHURRIED))
    oldest = db.session.scalar(statement)
    return max(0, int((now - oldest).total_seconds())) if oldest else 0


def _has_to_wait(about: str) -> ColumnElement[bool]:
    """Tell whether something earlier about the same booking (or subscription) is still on its way there."""
    earlier = aliased(Message)
    return exists().where(
        getattr(earlier, about) == getattr(Message, about),
        earlier.address_hash == Message.address_hash,
        earlier.id < Message.id,
        earlier.status.in_(UNFINISHED),
        earlier.kind.not_in(ORDERS_NOTHING),
    )
