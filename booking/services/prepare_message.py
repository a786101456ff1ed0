"""Decide, when its turn has come, whether a message is still to be sent, and write its bytes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from booking import clock, texts
from booking.extensions import db
from booking.formats.own_addresses import bounces_to
from booking.models import Message
from booking.models.base import UtcDateTime
from booking.rules.delivery import LEASE, is_repeatable
from booking.rules.words import Channel, MessageStatus
from booking.services.about_booking import about_booking
from booking.services.about_complaint import about_complaint
from booking.services.about_news import about_news
from booking.services.about_staff import about_staff
from booking.services.claim_messages import IS_HELD, MESSAGES, Claim, held_message
from booking.services.message_subject import About, End
from booking.smtp import stays_here

log = logging.getLogger(__name__)

_CLAIMED = (
    select(Message)
    .where(Message.id.in_(bindparam("ids", expanding=True)), Message.status == MessageStatus.SENDING)
    .order_by(Message.id)
    .execution_options(populate_existing=True)
)
_BEGIN = (
    update(MESSAGES)
    .where(IS_HELD)
    .values(
        data_started_at=func.coalesce(MESSAGES.c.data_started_at, bindparam("now", type_=UtcDateTime())),
        lease_until=bindparam("until"),
        rendered=bindparam("raw"),
    )
)
"""Both made once: making a statement takes longer than running it."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it leaves: one sender, one recipient, its bytes, and what the carrier may call it by.

    After `until` it is pointless.
    """

    envelope_from: str
    to: str
    raw: bytes
    channel: Channel
    reference: str
    until: datetime


def write_letters(claims: Sequence[Claim]) -> dict[Claim, Letter]:
    """Return the letters of those messages that are plainly to be sent. It only reads, so many are written at once.

    What is missing is left to `prepare_message`: to be settled, or to say why it cannot be written.
    """
    leases = {claim.message_id: claim for claim in claims}
    found = db.session.scalars(_CLAIMED, {"ids": list(leases)}).all()
    ours = [message for message in found if message.lease_id == leases[message.id].lease_id]
    letters = ((leases[message.id], _if_plain(message, about)) for message, about in _with_what_they_say(ours))
    return {claim: letter for claim, letter in letters if letter is not None}


def prepare_message(claim: Claim) -> Letter | None:
    """Return the letter to send, or None after settling a message that is not to be sent (any more)."""
    message = held_message(claim)
    if message is None:
        return None
    ((_message, about),) = _with_what_they_say([message])
    if end := _why_not(message, about):
        if not message.data_started_at:
            about.hand_on()
        _settle(message, *end)
        return None
    return _letter(message, about)


def begin_data(claim: Claim, letter: Letter) -> bool:
    """Note that the bytes are about to leave, and keep them; False if the message is not to be sent after all.

    This must be committed before DATA: what a killed worker leaves behind then says whether a copy may exist.
    Whether it is still true was asked when it was written, a moment ago: a change since then is one that comes
    just after it has left. Only if its time is over by now is it asked again.
    """
    now = clock.now()
    if now >= letter.until and prepare_message(claim) is None:
        return False
    values = {"now": now, "until": now + LEASE, "raw": letter.raw}
    return db.session.execute(_BEGIN, values | claim.held).rowcount == 1  # type: ignore[attr-defined]


def envelope_from(message: Message) -> str:
    """Return the address that bounces of this message go to: one of its own, if our mailbox takes such."""
    return bounces_to(message)


def _with_what_they_say(messages: Sequence[Message]) -> list[tuple[Message, About]]:
    """Return each message with what it is about, as that stands now."""
    bookings = about_booking([message for message in messages if message.booking_id is not None])
    news = about_news([message for message in messages if message.subscription_id is not None])
    people = about_staff([message for message in messages if message.staff_id is not None])
    complaints = about_complaint([message for message in messages if message.complaint_id is not None])
    abouts = bookings | news | people | complaints
    return [(message, abouts[message.id]) for message in messages]


def _if_plain(message: Message, about: About) -> Letter | None:
    """Return the letter of a message that is to be sent; None if it is not, or cannot be written."""
    try:
        return None if _why_not(message, about) else _letter(message, about)
    except (SQLAlchemyError, OSError):
        raise  # the database's trouble, not the message's
    except Exception:
        log.warning("message %s is looked at once more, alone", message.id)
        return None


def _letter(message: Message, about: About) -> Letter:
    if not message.address:
        raise ValueError(f"message {message.id} has no address")
    return Letter(
        envelope_from=envelope_from(message),
        to=message.address,
        raw=message.rendered if message.data_started_at and message.rendered else about.write(),
        channel=message.channel,
        reference=message.message_id,
        until=min(message.not_after or about.give_up_at(), about.give_up_at()),
    )


def _settle(message: Message, status: MessageStatus, problem: str) -> None:
    message.status = status
    message.problem = problem
    message.rendered = None
    message.lease_id = message.lease_until = None


def _why_not(message: Message, about: About) -> End | None:
    """Return how a message ends that is not to be sent, or None if it is to be sent."""
    now = clock.now()
    if message.data_started_at and not is_repeatable(message.kind, message.channel):
        return MessageStatus.UNKNOWN, "The worker stopped while it was being sent: it may have arrived."
    if about.is_demo and not _stays_here(message):
        return MessageStatus.STALE, "Demonstration data: it never leaves this computer."
    if message.channel == Channel.TEXT and not about.is_still_their_number():
        return MessageStatus.STALE, "The number has changed, or texts are not wanted or not sent any more."
    if message.not_after and now >= message.not_after:
        status = MessageStatus.FAILED if message.data_started_at else MessageStatus.STALE
        return status, "It was too late to be of use."
    if now >= about.give_up_at():
        return MessageStatus.FAILED, about.gave_up
    return None if message.data_started_at else about.no_longer_true()


def _stays_here(message: Message) -> bool:
    return texts.texts_stay_here(current_app) if message.channel == Channel.TEXT else stays_here(current_app)
