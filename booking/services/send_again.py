"""Send a message once more because staff were asked to: the same words of today, under a Message-ID of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, NotFound
from booking.extensions import db
from booking.models import Booking, Message
from booking.queries.outbox import REQUESTS, is_said_anew
from booking.rules.contact import normal_email
from booking.rules.delivery import is_still_true
from booking.rules.sending_again import is_sent_again
from booking.rules.words import UNFINISHED, BookingStatus, MessageKind
from booking.services.locks import lock_booking
from booking.services.notify import LINK_MAY_WAIT, notify, stamped_revision
from booking.services.record_audit import record_audit
from booking.smtp import stays_here


def send_again(message_id: int) -> Message:
    """Queue it anew and return the new row; pressed twice within a minute, the same row.

    Raise NotFound, or Conflict for what is not sent again or not true any more.
    """
    message = db.session.get(Message, message_id)
    if message is None or message.booking_id is None:
        raise NotFound("There is no such message.")
    booking = lock_booking(message.booking_id)
    db.session.refresh(message)
    if sentence := why_not_again(message):
        raise Conflict(sentence)
    again = _queue(message, booking)
    facts = {"message": message.id, "again": again.id}
    record_audit("sent again", screen="staff.message", subject_type="booking", subject_id=booking.id, facts=facts)
    return again


def why_not_again(message: Message) -> str:
    """Return why a message is not sent again, in a sentence for staff; nothing if it may be."""
    booking = message.booking
    if booking is None or not is_sent_again(message.kind, message.channel):
        return "Messages of this kind are not sent again."
    if message.status in UNFINISHED:
        return "It is still on its way."
    if booking.ends_at <= clock.now() or (booking.starts_at <= clock.now() and message.kind != MessageKind.LINK):
        return "It is too late: the session has begun."
    if not booking.email or not message.address or normal_email(booking.email) != normal_email(message.address):
        return "The family has another contact now. Look for the message that went there."
    if booking.family is not None and booking.family.is_demo and not stays_here(current_app):
        return "This family is demonstration data: nothing is sent to it."
    return "" if _is_true_today(message, booking) else "It is not true any more: the booking has changed since."


def _is_true_today(message: Message, booking: Booking) -> bool:
    if not is_still_true(message.kind, booking.status) or is_said_anew(message):
        return False
    if message.kind == MessageKind.POSTPONED:
        return booking.event.new_date_pending
    if message.kind == MessageKind.OFFER:
        return booking.offer_ends_at is not None and booking.offer_ends_at > clock.now()
    return True


def _queue(message: Message, booking: Booking) -> Message:
    dedupe = f"again:{message.id}:{clock.now():%Y%m%d%H%M}"
    queued = notify(
        booking,
        message.kind,
        dedupe=dedupe,
        facts=_facts(message, booking),
        address=booking.email,
        not_after=_not_after(message, booking),
    )
    if queued is not None:
        return queued
    return db.session.scalars(select(Message).where(Message.dedupe_key == f"booking:{booking.id}:{dedupe}")).one()


def _facts(message: Message, booking: Booking) -> dict[str, Any] | None:
    """Return what the message said, with the calendar entry's present revision: never an older one after a newer."""
    if message.kind in REQUESTS and booking.status == BookingStatus.CONFIRMED and booking.ical_address is not None:
        return {**(message.facts or {}), **stamped_revision(booking)}
    return message.facts


def _not_after(message: Message, booking: Booking) -> datetime | None:
    if message.kind == MessageKind.LINK:
        return clock.now() + LINK_MAY_WAIT
    return booking.offer_ends_at if message.kind == MessageKind.OFFER else None
