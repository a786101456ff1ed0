"""Take messages that are due for one worker, for as long as its lease lasts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from booking import clock
from booking.extensions import db
from booking.models import Message
from booking.rules.delivery import LEASE, REMINDERS
from booking.rules.words import UNFINISHED, MessageStatus


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One worker's right to one message."""

    message_id: int
    lease_id: str


def claim_messages(limit: int = 20) -> list[Claim]:
    """Take the oldest messages that are due, or whose worker died; never two about one thing to one address."""
    now = clock.now()
    lease_id = str(uuid.uuid4())
    statement = (
        update(Message)
        .where(Message.id.in_(select(_due(limit).c.id)))
        .values(status=MessageStatus.SENDING, lease_id=lease_id, lease_until=now + LEASE, attempts=Message.attempts + 1)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return [Claim(message_id=row, lease_id=lease_id) for row in sorted(db.session.scalars(statement))]


def release_claims(claims: list[Claim]) -> None:
    """Give back what was taken and not begun, because the worker ends."""
    for claim in claims:
        db.session.execute(
            update(Message)
            .where(Message.id == claim.message_id, Message.lease_id == claim.lease_id)
            .values(status=MessageStatus.QUEUED, lease_id=None, lease_until=None, attempts=Message.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def _due(limit: int) -> CTE:
    now = clock.now()
    is_due = and_(Message.status == MessageStatus.QUEUED, Message.next_attempt_at <= now)
    is_orphan = and_(Message.status == MessageStatus.SENDING, Message.lease_until < now)
    return (
        select(Message.id)
        .where(or_(is_due, is_orphan), ~_has_to_wait("booking_id"), ~_has_to_wait("subscription_id"))
        .order_by(Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Message)
        .cte("due")
    )


def _has_to_wait(about: str) -> ColumnElement[bool]:
    """Tell whether something earlier about the same booking (or subscription) is still on its way there."""
    earlier = aliased(Message)
    return exists().where(
        getattr(earlier, about) == getattr(Message, about),
        earlier.address_hash == Message.address_hash,
        earlier.id < Message.id,
        earlier.status.in_(UNFINISHED),
        earlier.kind.not_in(REMINDERS),
    )
