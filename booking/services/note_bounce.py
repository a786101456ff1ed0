"""Note that a mail of ours came back, if it is proved to be one: staff ring the family, news stop."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.returned import Bounce
from booking.models import Inbound, Message, Subscription
from booking.rules.bounces import bounce_code, came_back, is_late
from booking.rules.words import Channel, MessageStatus
from booking.services.stop_subscription import stop_subscription

FOREIGN, LATE, CAME_BACK, KNOWN = "foreign", "late", "came_back", "known"


def note_bounce(bounce: Bounce, inbound: Inbound, *, message_id: int | None) -> str:
    """Return the verdict. `message_id` is proved by the address it came to; else the returned headers must name a
    mail of ours, whose id only its reader and the servers on its way have seen. Without either nothing changes.
    """
    code = bounce_code(bounce.status)
    inbound.facts = {"action": bounce.action, "code": code}
    message = _message(message_id, bounce.original_message_id)
    if message is None:
        return FOREIGN
    inbound.message_id, inbound.booking_id = message.id, message.booking_id
    if not bounce.is_final:
        if message.status == MessageStatus.SENT and message.bounced_at is None:
            message.problem = is_late(code)
        return LATE
    if message.bounced_at is not None:
        return KNOWN
    _end(message, code)
    if message.subscription_id is not None:
        stop_subscription(db.session.get_one(Subscription, message.subscription_id))
    return CAME_BACK


def _message(message_id: int | None, original_message_id: str) -> Message | None:
    """Return the mail that came back, locked."""
    if message_id is not None:
        is_it = Message.id == message_id
    elif original_message_id:
        is_it = Message.message_id == original_message_id
    else:
        return None
    statement = select(Message).where(is_it, Message.channel == Channel.EMAIL)
    return db.session.scalar(statement.with_for_update(of=Message).execution_options(populate_existing=True))


def _end(message: Message, code: str) -> None:
    message.status = MessageStatus.FAILED
    message.bounced_at, message.bounce_code = clock.now(), code
    message.problem = came_back(code)
    message.rendered = None
    message.lease_id = message.lease_until = None
    db.session.flush()
