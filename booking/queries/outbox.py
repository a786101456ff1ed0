"""What the outbox holds: what came before a message, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, bindparam, func, select

from booking.extensions import db
from booking.models import Booking, Message
from booking.rules.delivery import CANCELLATIONS
from booking.rules.sending_again import SAID_ANEW_BY
from booking.rules.words import BookingStatus, Channel, MessageKind, MessageStatus

REQUESTS = (MessageKind.CONFIRMED, MessageKind.CHANGED, MessageKind.CALENDAR_TITLE)
"""The messages that bring a calendar entry, or its next revision."""


CHANGES = (MessageKind.CHANGED, MessageKind.POSTPONED)
"""The messages that tell how a session was before (`was` in their facts) and how it is now."""

_MAILS = (
    select(Message.booking_id, Message.address_hash, Message.id, Message.message_id)
    .where(
        Message.booking_id.in_(bindparam("bookings", expanding=True)),
        Message.channel == Channel.EMAIL,
        Message.data_started_at.is_not(None),
    )
    .order_by(Message.id.desc())
)
_WAITING = (
    select(Booking.event_id, func.count().label("number"))
    .where(Booking.event_id.in_(bindparam("events", expanding=True)), Booking.status == BookingStatus.WAITING)
    .group_by(Booking.event_id)
)
"""Made once, because every reminder asks them; and asked for many messages at once."""


def first_mails(messages: Sequence[Message]) -> dict[int, str]:
    """Return, by message, the Message-ID of the first mail about its booking to its address: it keeps them together."""
    found = db.session.execute(_MAILS, {"bookings": [message.booking_id for message in messages]}).all()
    return {
        message.id: message_id
        for message in messages
        for booking, address, number, message_id in found
        if (booking, address) == (message.booking_id, message.address_hash) and number < message.id
    }


def had_invitation(message: Message) -> bool:
    """Return whether a calendar REQUEST of the entry the message takes back may have reached its address before it."""
    statement = _before(message).where(Message.kind.in_(REQUESTS), Message.data_started_at.is_not(None))
    uid = (message.facts or {}).get("uid")
    revisions = [row.facts for row in db.session.scalars(statement) if row.facts and "sequence" in row.facts]
    return any(facts.get("uid", uid) == uid for facts in revisions)


def later_word(message: Message) -> Message | None:
    """Return the next message to the same address that tells how the session was, and what became of it."""
    statement = (
        select(Message)
        .where(
            Message.booking_id == message.booking_id,
            Message.address_hash == message.address_hash,
            Message.id > message.id,
            Message.kind.in_((*CHANGES, *CANCELLATIONS)),
            Message.status == MessageStatus.QUEUED,
        )
        .order_by(Message.id)
        .limit(1)
    )
    return db.session.scalar(statement)


def is_said_anew(message: Message) -> bool:
    """Return whether a later message to the same address makes this one untrue."""
    statement = select(Message.id).where(
        Message.booking_id == message.booking_id,
        Message.address_hash == message.address_hash,
        Message.id > message.id,
        Message.dedupe_key.not_like("%:again:%"),
        Message.kind.in_(SAID_ANEW_BY.get(message.kind, ())),
    )
    return db.session.scalar(statement.limit(1)) is not None


def waiting_families(event_ids: Iterable[int]) -> dict[int, int]:
    """Return, by session, how many families wait for a place; sessions without any are left out."""
    return {row.event_id: row.number for row in db.session.execute(_WAITING, {"events": sorted(set(event_ids))})}


def _before(message: Message) -> Select[Message]:
    return (
        select(Message)
        .where(
            Message.booking_id == message.booking_id,
            Message.address_hash == message.address_hash,
            Message.id < message.id,
        )
        .order_by(Message.id)
    )
