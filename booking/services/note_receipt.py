"""Note what became of a text: it arrived, it did not and somebody rings, or it is still on its way."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking, Message
from booking.rules.receipts import Receipt, receipt_of, what_it_means
from booking.rules.words import Channel, MessageStatus


def note_receipt(reference: str, word: str, *, carrier_id: str | None) -> bool:
    """Take GOV.UK Notify's word about one text; False if there is nothing new in it, or no such text.

    That it is known there proves that it left: a text that we gave up, or meant to try again, is not sent again.
    """
    message = _message(reference)
    if message is None:
        return False
    message.carrier_id = message.carrier_id or carrier_id
    receipt = receipt_of(word)
    if message.receipt in (Receipt.DELIVERED, receipt):
        return False
    if receipt is None and (message.receipt or message.status == MessageStatus.SENT):
        return False
    _it_left(message)
    if receipt is not None:
        _it_ended(message, receipt)
    db.session.flush()
    return True


def _message(reference: str) -> Message | None:
    statement = select(Message).where(Message.message_id == reference, Message.channel == Channel.TEXT)
    return db.session.scalar(statement.with_for_update(of=Message).execution_options(populate_existing=True))


def _it_left(message: Message) -> None:
    """A worker that still holds it finds its claim gone, and changes nothing."""
    now = clock.now()
    message.status, message.problem = MessageStatus.SENT, ""
    message.data_started_at, message.sent_at = message.data_started_at or now, message.sent_at or now
    message.rendered = message.lease_id = message.lease_until = None


def _it_ended(message: Message, receipt: Receipt) -> None:
    message.receipt = receipt
    message.status, message.problem = what_it_means(receipt, went_by_mail_too=_has_email(message))
    message.bounced_at = clock.now() if message.status == MessageStatus.FAILED else None


def _has_email(message: Message) -> bool:
    booking = db.session.get(Booking, message.booking_id) if message.booking_id is not None else None
    return booking is not None and booking.email is not None
