"""Take one mail that came in: write its row once, together with all that it brings about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking.cipher import lookup_hash
from booking.extensions import db
from booking.formats.incoming import IncomingMail
from booking.formats.own_addresses import booking_in, message_in
from booking.formats.sender import our_sender
from booking.models import Booking, Inbound, Message
from booking.rules.words import InboundKind
from booking.services.note_bounce import note_bounce
from booking.services.note_reply import note_reply

ANSWERS = ("REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER")
"""What a calendar program sends to an organiser; anything else is a file that somebody attached."""

BOILERPLATE = 300
"""Characters: a mail no longer than this, that only names the answer, was written by a calendar program."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a mail lies in the mailbox (UIDVALIDITY and UID), and the SHA-256 of its bytes."""

    version: int
    number: int
    digest: str


def take_inbound(mail: IncomingMail, *, spot: Spot) -> InboundKind:
    """Write down what came and do what it asks; return what it is. One that is taken already changes nothing.

    Nothing is ever sent in answer to a machine, to a mail without a sender, or to ourselves.
    """
    message_hash = lookup_hash("message-id", mail.message_id or spot.digest)
    known = db.session.scalar(select(Inbound).where(Inbound.message_hash == message_hash))
    if known is not None:
        return known.kind
    kind = _kind(mail)
    inbound = Inbound(
        folder_version=None if _is_spot_taken(spot) else spot.version,
        folder_number=spot.number,
        message_hash=message_hash,
        kind=kind,
        facts={},
    )
    if kind in (InboundKind.PERSON, InboundKind.CALENDAR_REPLY):
        _keep_words(mail, inbound)
    if kind == InboundKind.CALENDAR_REPLY:
        # It locks a session, then a booking; a row that points to a booking would hold that one before.
        inbound.verdict = note_reply(mail, inbound)
    db.session.add(inbound)
    db.session.flush()
    if kind == InboundKind.BOUNCE and mail.bounce:
        inbound.verdict = note_bounce(mail.bounce, inbound, message_id=message_in(mail.to_addresses))
    db.session.flush()
    return kind


def _is_spot_taken(spot: Spot) -> bool:
    """Tell whether another mailbox, before this one, had a mail at the same place: only the place is doubled."""
    same = select(Inbound.id).where(Inbound.folder_version == spot.version, Inbound.folder_number == spot.number)
    return db.session.scalar(same) is not None


def _kind(mail: IncomingMail) -> InboundKind:
    is_ours = mail.from_address == our_sender().address.lower()
    if not mail.is_readable or not (mail.from_address or mail.bounce):
        return InboundKind.UNREADABLE
    if mail.bounce and not is_ours:
        return InboundKind.BOUNCE
    if is_ours:
        return InboundKind.MACHINE
    if mail.calendar and mail.calendar.method in ANSWERS:
        return InboundKind.CALENDAR_REPLY
    return InboundKind.MACHINE if mail.auto_submitted or mail.has_empty_envelope else InboundKind.PERSON


def _keep_words(mail: IncomingMail, inbound: Inbound) -> None:
    """Seal who wrote and what, and find what it is about: by the address it came to, else by the mail it answers."""
    inbound.sender, inbound.subject, inbound.text = mail.from_address, mail.subject, _own_words(mail) or None
    message = None
    if mail.in_reply_to:
        message = db.session.scalar(
            select(Message).where(Message.message_id.in_(mail.in_reply_to)).order_by(Message.id.desc()).limit(1)
        )
    number = booking_in(mail.to_addresses)
    booking = db.session.get(Booking, number) if number is not None else None
    if booking is not None:
        inbound.booking_id = booking.id
        inbound.message_id = message.id if message is not None and message.booking_id == booking.id else None
    elif message is not None:
        inbound.booking_id, inbound.message_id = message.booking_id, message.id


def _own_words(mail: IncomingMail) -> str:
    """Return what a person wrote; a calendar program's own sentences about the answer are left out."""
    if mail.calendar is None or mail.calendar.method not in ANSWERS:
        return mail.text
    if mail.calendar.comment.strip():
        return mail.calendar.comment.strip()[:8000]
    words = mail.text.lower()
    speaks_for_itself = any(word in words for word in ("accepted", "declined", "tentative", "invitation"))
    return "" if mail.auto_submitted or (speaks_for_itself and len(words) < BOILERPLATE) else mail.text
