"""Decide, when its turn has come, whether a message is still to be sent, and write its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from booking import clock, texts
from booking.extensions import db
from booking.formats.own_addresses import bounces_to
from booking.models import Message
from booking.rules.delivery import LEASE, is_repeatable
from booking.rules.words import Channel, MessageStatus
from booking.services.about_booking import about_booking
from booking.services.about_news import about_news
from booking.services.claim_messages import Claim
from booking.services.message_subject import About, End
from booking.smtp import stays_here


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


def prepare_message(claim: Claim) -> Letter | None:
    """Return the letter to send, or None after settling a message that is not to be sent (any more)."""
    message = _still_ours(claim)
    if message is None:
        return None
    about = _about(message)
    if end := _why_not(message, about):
        _settle(message, *end)
        return None
    raw = message.rendered if message.data_started_at and message.rendered else about.write()
    return Letter(
        envelope_from=envelope_from(message),
        to=message.address or "",
        raw=raw,
        channel=message.channel,
        reference=message.message_id,
        until=min(message.not_after or about.give_up_at(), about.give_up_at()),
    )


def begin_data(claim: Claim, letter: Letter) -> bool:
    """Note that the bytes are about to leave, and keep them; False if the message is not to be sent after all.

    This must be committed before DATA: what a killed worker leaves behind then says whether a copy may exist.
    Whether it is still true was asked when it was written, a moment ago: a change since then is one that comes
    just after it has left. Only if its time is over by now is it asked again.
    """
    message = _still_ours(claim)
    if message is None:
        return False
    if clock.now() >= letter.until and (end := _why_not(message, _about(message))):
        _settle(message, *end)
        return False
    message.data_started_at = message.data_started_at or clock.now()
    message.lease_until = clock.now() + LEASE
    message.rendered = letter.raw
    return True


def envelope_from(message: Message) -> str:
    """Return the address that bounces of this message go to: one of its own, if our mailbox takes such."""
    return bounces_to(message)


def _still_ours(claim: Claim) -> Message | None:
    """Return the message as it stands, locked; None if another worker has it."""
    statement = select(Message).where(
        Message.id == claim.message_id,
        Message.lease_id == claim.lease_id,
        Message.status == MessageStatus.SENDING,
    )
    return db.session.scalar(statement.with_for_update(of=Message).execution_options(populate_existing=True))


def _about(message: Message) -> About:
    """Return what the message is about, as it stands now."""
    if not message.address:
        raise ValueError(f"message {message.id} has no address")
    return about_booking(message) if message.booking_id is not None else about_news(message)


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
