"""Queue a mail to somebody who wants news, in the deed's own transaction. It is never mixed with a booking's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.cipher import random_token
from booking.extensions import db
from booking.models import Message, Subscription
from booking.queries.installation import own_domain
from booking.rules.words import MessageKind


def tell_subscriber(
    subscription: Subscription, kind: MessageKind, *, dedupe: str, not_after: datetime, facts: dict[str, Any]
) -> Message | None:
    """Queue one mail; None if it is there already."""
    if db.session.scalar(select(Message.id).where(Message.dedupe_key == dedupe)):
        return None
    now = clock.now()
    message = Message(
        kind=kind,
        subscription_id=subscription.id,
        dedupe_key=dedupe,
        message_id=f"{random_token()}@{own_domain()}",
        address=subscription.email,
        address_hash=subscription.email_hash,
        facts=facts,
        not_before=now,
        next_attempt_at=now,
        not_after=not_after,
    )
    db.session.add(message)
    db.session.flush()
    return message
