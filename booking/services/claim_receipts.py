"""Take the texts of which we do not know yet whether they arrived, so that one worker asks about each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Message
from booking.rules.receipts import ASKED_FOR, ask_again_in
from booking.rules.words import Channel, MessageStatus


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """One text on its way: its id at GOV.UK Notify, if we know it, and the reference we gave it."""

    carrier_id: str | None
    reference: str


def claim_receipts(limit: int = 50) -> list[Awaited]:
    """Return the texts to ask about now; each has its next turn later, the older the text the later.

    Of a text that may have left, too: whether GOV.UK Notify knows our reference says whether it did.
    """
    now = clock.now()
    rows = db.session.scalars(
        select(Message)
        .where(
            Message.channel == Channel.TEXT,
            Message.status.in_((MessageStatus.SENT, MessageStatus.UNKNOWN)),
            Message.receipt == "",
            Message.next_attempt_at <= now,
            Message.data_started_at > now - ASKED_FOR,
        )
        .order_by(Message.next_attempt_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Message)
        .execution_options(populate_existing=True)
    ).all()
    for message in rows:
        message.next_attempt_at = now + ask_again_in(now - (message.data_started_at or now))
    db.session.flush()
    return [Awaited(carrier_id=message.carrier_id, reference=message.message_id) for message in rows]
