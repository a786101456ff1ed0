"""Take messages that are due for one worker, for as long as its lease lasts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Integer, Table, and_, bindparam, func, or_, select, true, update
from sqlalchemy.sql.dml import ReturningUpdate

from booking import clock
from booking.extensions import db
from booking.models import Message
from booking.models.base import UtcDateTime
from booking.queries.due_messages import is_due, mails_of_the_last_hour
from booking.queries.installation import mails_an_hour
from booking.rules.delivery import LEASE, UNHURRIED, mails_left
from booking.rules.words import Channel, MessageStatus

ONE_COUNTS = 0x6D61696C
"""The number of the lock under which one worker at a time counts the mails of the hour ("mail" in ASCII)."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One worker's right to one message."""

    message_id: int
    lease_id: str

    @property
    def held(self) -> dict[str, int | str]:
        """Return the values for `IS_HELD`."""
        return {"message": self.message_id, "lease": self.lease_id}


MESSAGES = cast(Table, Message.__table__)
IS_HELD = and_(
    MESSAGES.c.id == bindparam("message"),
    MESSAGES.c.lease_id == bindparam("lease"),
    MESSAGES.c.status == MessageStatus.SENDING,
)
"""Tells the message that a claim, given by its `held`, still has a right to: its lease may have run out meanwhile."""


def claim_messages(limit: int = 40) -> list[Claim]:
    """Take the oldest messages that are due, or whose worker died; never two about one thing to one address.

    What cannot wait goes before reminders and news; with a cap per hour a part of it is kept for that.
    """
    lease_id = str(uuid.uuid4())
    left = mails_left(mails_an_hour(), sent=_mails_of_the_last_hour())
    taken = _take(lease_id, limit, is_urgent=True, mails=left.urgent)
    if len(taken) < limit:
        taken += _take(lease_id, limit - len(taken), is_urgent=False, mails=left.unhurried)
    return [Claim(message_id=row, lease_id=lease_id) for row in taken]


def held_message(claim: Claim) -> Message | None:
    """Return the message as it stands, locked; None if another worker has it."""
    statement = select(Message).where(IS_HELD).with_for_update(of=Message)
    return db.session.scalar(statement.execution_options(populate_existing=True), claim.held)


def release_claims(claims: list[Claim]) -> None:
    """Give back what was taken and not begun, because the worker ends."""
    for claim in claims:
        db.session.execute(
            update(MESSAGES)
            .where(IS_HELD)
            .values(status=MessageStatus.QUEUED, lease_id=None, lease_until=None, attempts=MESSAGES.c.attempts - 1),
            claim.held,
        )


def _take(lease_id: str, limit: int, *, is_urgent: bool, mails: int | None) -> list[int]:
    """Take some of one sort, oldest first; `mails` is how many mails may leave, None for any number."""
    now = clock.now()
    values = {"now": now, "lease": lease_id, "until": now + LEASE, "number": limit}
    is_capped = mails is not None and mails < limit
    if is_capped:
        values["mails"] = max(mails or 0, 0)
    return sorted(db.session.scalars(_taking(is_urgent=is_urgent, is_capped=is_capped), values))


@cache
def _taking(*, is_urgent: bool, is_capped: bool) -> ReturningUpdate[int]:
    """Return the statement, made once: making it takes longer than running it."""
    which = Message.kind.not_in(UNHURRIED) if is_urgent else Message.kind.in_(UNHURRIED)
    now = bindparam("now", type_=UtcDateTime())
    due = (
        select(Message.id)
        .where(which, _is_one_of_the_first(which, now) if is_capped else true(), is_due(now))
        .order_by(Message.id)
        .limit(bindparam("number", type_=Integer()))
        .with_for_update(skip_locked=True, of=Message)
        .cte("due")
    )
    return (
        update(Message)
        .where(Message.id.in_(select(due.c.id)))
        .values(
            status=MessageStatus.SENDING,
            lease_id=bindparam("lease"),
            lease_until=bindparam("until"),
            attempts=Message.attempts + 1,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )


def _is_one_of_the_first(which: ColumnElement[bool], now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Let texts through, which no cap is for, and the oldest mails up to a number."""
    first = (
        select(Message.id)
        .where(which, Message.channel == Channel.EMAIL, is_due(now))
        .order_by(Message.id)
        .limit(bindparam("mails", type_=Integer()))
    )
    return or_(Message.channel != Channel.EMAIL, Message.id.in_(first))


def _mails_of_the_last_hour() -> int:
    """Count what a cap is for; 0 without one. Only one worker at a time counts and takes."""
    if not mails_an_hour():
        return 0
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ONE_COUNTS)))
    return mails_of_the_last_hour()
