"""Decide, when its turn has come, whether a message is still to be sent, and write its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from booking import clock, texts
from booking.extensions import db, locale_of
from booking.formats.ical import cancellation, invitation
from booking.formats.messages import in_words
from booking.formats.mime import CalendarPart, Envelope, write_mail
from booking.formats.sender import our_sender
from booking.formats.text_words import text_in_words
from booking.models import Booking, Message
from booking.queries.courses import number_in_course
from booking.queries.outbox import REQUESTS, first_invitation, had_invitation, later_change, waiting_families
from booking.rules.contact import normal_email
from booking.rules.delivery import CANCELLATIONS, LEASE, REMINDERS, give_up_at, is_repeatable, is_still_true
from booking.rules.reminders import may_remind
from booking.rules.texts import mobile_number
from booking.rules.words import BookingStatus, Channel, EventStatus, MessageKind, MessageStatus
from booking.services.claim_messages import Claim
from booking.smtp import stays_here

TAKE_BACK = (*CANCELLATIONS, MessageKind.CONTACT_CHANGED)
"""The messages that take an entry out of the calendar they go to."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it leaves: one sender, one recipient, its bytes, and what the carrier may call it by."""

    envelope_from: str
    to: str
    raw: bytes
    channel: Channel
    reference: str


def prepare_message(claim: Claim) -> Letter | None:
    """Return the letter to send, or None after settling a message that is not to be sent (any more)."""
    message = _still_ours(claim)
    if message is None:
        return None
    if end := _why_not(message):
        _settle(message, *end)
        return None
    raw = message.rendered if message.data_started_at and message.rendered else _write(message)
    return Letter(
        envelope_from=envelope_from(message),
        to=_address(message),
        raw=raw,
        channel=message.channel,
        reference=message.message_id,
    )


def begin_data(claim: Claim, letter: Letter) -> bool:
    """Note that the bytes are about to leave, and keep them; False if the message is not to be sent after all.

    This must be committed before DATA: what a killed worker leaves behind then says whether a copy may exist.
    """
    message = _still_ours(claim)
    if message is None:
        return False
    if end := _why_not(message):
        _settle(message, *end)
        return False
    message.data_started_at = message.data_started_at or clock.now()
    message.rendered = letter.raw
    return True


def envelope_from(message: Message) -> str:
    """Return the address that bounces of this message go to (the hook for an address of its own per message)."""
    return our_sender().address


def _still_ours(claim: Claim) -> Message | None:
    """Renew the lease and return the message as it stands; None if another worker has it."""
    renewed = db.session.execute(
        update(Message)
        .where(
            Message.id == claim.message_id,
            Message.lease_id == claim.lease_id,
            Message.status == MessageStatus.SENDING,
        )
        .values(lease_until=clock.now() + LEASE)
        .execution_options(synchronize_session=False)
    )
    if renewed.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return db.session.get(Message, claim.message_id, populate_existing=True)


def _settle(message: Message, status: MessageStatus, problem: str) -> None:
    message.status = status
    message.problem = problem
    message.rendered = None
    message.lease_id = message.lease_until = None


def _why_not(message: Message) -> tuple[MessageStatus, str] | None:
    """Return how a message ends that is not to be sent, or None if it is to be sent."""
    booking = _booking(message)
    now = clock.now()
    if message.data_started_at and not is_repeatable(message.kind, message.channel):
        return MessageStatus.UNKNOWN, "The worker stopped while it was being sent: it may have arrived."
    if booking.family is not None and booking.family.is_demo and not _stays_here(message):
        return MessageStatus.STALE, "Demonstration data: it never leaves this computer."
    if message.channel == Channel.TEXT and not _is_still_theirs(message, booking):
        return MessageStatus.STALE, "The number has changed, or texts are not wanted or not sent any more."
    if message.not_after and now >= message.not_after:
        return _too_late(message, "It was too late to be of use.")
    if now >= give_up_at(message.kind, queued_at=message.created_at, starts_at=_starts_at(message, booking)):
        return MessageStatus.FAILED, "It could not be sent in time. Please ring the family."
    return None if message.data_started_at else _no_longer_true(message, booking)


def _stays_here(message: Message) -> bool:
    return texts.texts_stay_here(current_app) if message.channel == Channel.TEXT else stays_here(current_app)


def _is_still_theirs(message: Message, booking: Booking) -> bool:
    """Tell whether a text may still go to this number: it holds the link as it is today."""
    return texts.reaches(booking) and mobile_number(booking.phone) == mobile_number(message.address)


def _too_late(message: Message, problem: str) -> tuple[MessageStatus, str]:
    return (MessageStatus.FAILED if message.data_started_at else MessageStatus.STALE), problem


def _no_longer_true(message: Message, booking: Booking) -> tuple[MessageStatus, str] | None:
    """Return why a message that has never begun its way is not true any more."""
    if not is_still_true(message.kind, booking.status):
        return MessageStatus.STALE, "The booking has changed since."
    if message.kind in REMINDERS and not _is_due_reminder(message.kind, booking):
        return MessageStatus.STALE, "The session or the booking has changed since."
    if message.kind == MessageKind.POSTPONED and not booking.event.new_date_pending:
        return MessageStatus.STALE, "The new date is known by now."
    if message.kind == MessageKind.CHANGED and (later := later_change(message)):
        later.facts = {**(later.facts or {}), "was": (message.facts or {})["was"]}
        db.session.flush()
        return MessageStatus.STALE, "A newer change says it all."
    return None


def _is_due_reminder(kind: MessageKind, booking: Booking) -> bool:
    event = booking.event
    return (
        event.status == EventStatus.PUBLISHED
        and not event.new_date_pending
        and may_remind(
            kind,
            starts_at=booking.starts_at,
            booked_at=booking.confirmed_at or booking.created_at,
            now=clock.now(),
        )
    )


def _starts_at(message: Message, booking: Booking) -> datetime:
    """Return when the session that the message is about begins."""
    if message.kind in CANCELLATIONS and message.facts:
        return datetime.fromisoformat(message.facts["was"]["starts_at"])
    return booking.starts_at


def _write(message: Message) -> bytes:
    booking = _booking(message)
    if message.channel == Channel.TEXT:
        return text_in_words(message.kind, booking, facts=message.facts).encode()
    with force_locale(locale_of(booking.lang)):
        calendar = _calendar_part(message, booking)
    reminder = message.kind in REMINDERS
    words = in_words(
        message.kind,
        booking,
        facts=message.facts,
        has_calendar=calendar is not None,
        waiting=waiting_families(booking.event_id) if reminder else 0,
        course=number_in_course(booking.event) if booking.event.series_id is not None else None,
    )
    envelope = Envelope(to=_address(message), message_id=message.message_id, in_reply_to=first_invitation(message))
    return write_mail(words, envelope, sender=our_sender(), calendar=calendar)


def _calendar_part(message: Message, booking: Booking) -> CalendarPart | None:
    """Return the calendar object of an invitation, a change or a cancellation that has something to take back."""
    facts: dict[str, Any] = message.facts or {}
    to = _address(message)
    if normal_email(to) == normal_email(our_sender().address):
        return None  # an invitation to its own organiser is binned by Outlook and shown without buttons by Gmail
    if message.kind in REQUESTS and booking.status == BookingStatus.CONFIRMED:
        ics = invitation(booking, booking.event, attendee=to, sequence=facts.get("sequence"))
        return CalendarPart(method="REQUEST", ics=ics)
    if message.kind in TAKE_BACK and facts.get("had_place") and had_invitation(message):
        return CalendarPart(method="CANCEL", ics=cancellation(booking, facts, attendee=to))
    return None


def _booking(message: Message) -> Booking:
    """Return the message's booking with its session, as they stand now."""
    statement = select(Booking).where(Booking.id == message.booking_id).execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def _address(message: Message) -> str:
    if not message.address:
        raise ValueError(f"message {message.id} has no address")
    return message.address
