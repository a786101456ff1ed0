"""Write a message into the outbox, in the deed's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.cipher import lookup_hash, random_token
from booking.extensions import db
from booking.models import Booking, Message
from booking.rules.contact import normal_email
from booking.rules.words import MessageKind


def notify(
    booking: Booking,
    kind: MessageKind,
    *,
    dedupe: str,
    facts: dict[str, Any] | None = None,
    address: str | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Message | None:
    """Queue one message about a booking; None if the family gave no e-mail address or the row is there already.

    `dedupe` is unique per booking, such as `seq:3` or `reminder:3d`. `address` only where it is not the
    booking's own (the old address after a change of contact).
    """
    to = address or booking.email
    key = f"booking:{booking.id}:{dedupe}"
    if not to or db.session.scalar(select(Message.id).where(Message.dedupe_key == key)):
        return None
    start = not_before or clock.now()
    message = Message(
        kind=kind,
        booking_id=booking.id,
        dedupe_key=key,
        message_id=f"{random_token()}@{_own_domain(booking)}",
        address=to,
        address_hash=lookup_hash("email", normal_email(to)),
        facts=facts,
        not_before=start,
        next_attempt_at=start,
        not_after=not_after,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _own_domain(booking: Booking) -> str:
    return booking.ical_uid.partition("@")[2]
