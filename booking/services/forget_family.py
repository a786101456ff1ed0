"""Forget a family: what is personal goes, the figures stay (`workstream-1.md` 2.4 rule 15)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import (
    Adult,
    Booking,
    Call,
    Draft,
    Event,
    Family,
    Feedback,
    Inbound,
    Message,
    NeedRequest,
    Note,
    RememberedNeed,
)
from booking.rules.contact import normal_email
from booking.rules.languages import DEFAULT
from booking.rules.words import LIVE, UNFINISHED, CancelledBy, MessageStatus
from booking.services.cancel_booking import cancel_booking
from booking.services.drop_lost_parts import drop_lost_parts
from booking.services.identify_booking import free_reference, give_link, new_calendar_uid
from booking.services.list_erasure import list_erasure
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit
from booking.services.stop_subscription import stop_address

NOBODYS = {"booking_id": None, "link_digest": None, "sent_once": None, "change": None, "may_quote": False} | {
    "quote": None,
    "quoted_at": None,
    "quoted_by_id": None,
}
"""What a forgotten family said of a session is a number among others; its words go."""
NO_WORDS = {"sender": None, "subject": None, "text": None}
"""What is left of a mail that a forgotten family wrote."""


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How much was forgotten, how many bookings were cancelled first, and how many wishes for news were stopped."""

    bookings: int
    cancelled: int
    news: int


def forget_family(family_id: int, *, screen: str, reason: str = "", lists: bool = True) -> Forgotten:
    """Cancel what the family has still booked, then take away everything that says who they are.

    It is put on the list of erasures (`lists`), unless it is there already.

    What stays: that somebody from this district booked and came, under a fresh random key that nothing leads to.
    No message is sent, not even about the cancelled bookings: there is no address any more.
    """
    cancelled = _cancel_what_is_to_come(family_id)
    is_theirs = or_(Family.id == family_id, Family.joined_id == family_id)
    records = db.session.scalars(select(Family).where(is_theirs).order_by(Family.id).with_for_update()).all()
    bookings = db.session.scalars(select(Booking).where(Booking.family_id == family_id).order_by(Booking.id)).all()
    for booking in bookings:
        _empty(booking)
    _empty_rows_of([booking.id for booking in bookings], family_id)
    news = sum(_empty_record(family, lists=lists) for family in records)
    facts = {"bookings": len(bookings), "cancelled": cancelled, "news": news}
    record_audit(
        "forget_family", screen=screen, subject_type="family", subject_id=family_id, reason=reason, facts=facts
    )
    db.session.flush()
    return Forgotten(bookings=len(bookings), cancelled=cancelled, news=news)


def forget_address(
    email_hash: str, *, screen: str, reason: str = "", until: datetime | None = None, lists: bool = True
) -> int:
    """Forget an address without a booking: the news it wanted, and what it wrote to us (`until`: up to then).

    Return how many wishes for news it had.
    """
    news = stop_address(email_hash, until=until)
    _empty_mail_from(email_hash, until=until)
    if lists:
        list_erasure(family_key=None, email_hash=email_hash)
    record_audit("forget_news", screen=screen, reason=reason, facts={"news": news})
    db.session.flush()
    return news


def _cancel_what_is_to_come(family_id: int) -> int:
    statement = (
        select(Booking.event_id, Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.family_id == family_id, Booking.status.in_(LIVE), Event.starts_at > clock.now())
        .order_by(Booking.event_id, Booking.id)
    )
    to_cancel = [(row.event_id, row.id) for row in db.session.execute(statement)]
    for event_id in sorted({event_id for event_id, _booking in to_cancel}):
        lock_event(event_id)
    for _event, booking_id in to_cancel:
        cancel_booking(booking_id, by=CancelledBy.FAMILY, tell=False)
    return len(to_cancel)


def _empty(booking: Booking) -> None:
    """Take away contact, answers, language and question; what stands in old mails leads nowhere any more."""
    booking.email = booking.phone = booking.ical_address = None
    booking.profile = booking.question = None
    booking.helper_name = booking.helper_kind = None
    booking.may_text = booking.wants_morning_text = False
    booking.outcode, booking.lang = "", DEFAULT
    booking.reference, booking.ical_uid = free_reference(), new_calendar_uid()
    booking.link_version += 1
    give_link(booking)
    db.session.flush()


def _empty_rows_of(booking_ids: Sequence[int], family_id: int) -> None:
    """Take away names, words about needs, what was remembered, unfinished forms, notes of calls and mail."""
    session = db.session
    records = select(Family.id).where(or_(Family.id == family_id, Family.joined_id == family_id))
    session.execute(update(Adult).where(Adult.family_id.in_(records)).values(name=None, import_hash=None))
    drop_lost_parts()
    session.execute(
        update(NeedRequest).where(NeedRequest.booking_id.in_(booking_ids)).values(detail=None, reason_words=None)
    )
    session.execute(delete(RememberedNeed).where(RememberedNeed.family_id == family_id))
    drafts = select(Booking.draft_id).where(Booking.id.in_(booking_ids), Booking.draft_id.is_not(None))
    session.execute(delete(Draft).where(Draft.id.in_(drafts)))
    session.execute(update(Inbound).where(Inbound.booking_id.in_(booking_ids)).values(**NO_WORDS))
    session.execute(update(Call).where(Call.booking_id.in_(booking_ids)).values(note=None))
    session.execute(update(Note).where(Note.booking_id.in_(booking_ids)).values(text=None))
    theirs = Feedback.booking_id.in_(booking_ids)
    session.execute(delete(Feedback).where(theirs, Feedback.answered_at.is_(None)))
    session.execute(update(Feedback).where(theirs).values(**NOBODYS))
    messages = Message.booking_id.in_(booking_ids)
    session.execute(update(Message).where(messages).values(address=None, address_hash=None, facts=None, rendered=None))
    session.execute(
        update(Message)
        .where(messages, Message.status.in_(UNFINISHED))
        .values(status=MessageStatus.STALE, problem="The family asked to be forgotten.", lease_id=None)
    )


def _empty_record(family: Family, *, lists: bool) -> int:
    """Let a record lead nowhere: the family's, or one that was made one with it; a copy may know them as two."""
    _empty_mail_from(family.email_hash)
    if lists:
        list_erasure(family_key=family.key, email_hash=family.email_hash)
    news = stop_address(family.email_hash) if family.email_hash else 0
    family.email_hash = family.phone_hash = family.import_hash = None
    family.calendar_digest = None
    family.merge_question = False
    family.key = str(uuid.uuid4())
    return news


def _empty_mail_from(email_hash: str | None, *, until: datetime | None = None) -> None:
    """Take away what they wrote that no booking was found for: its senders are sealed, so each is looked at."""
    written = select(Inbound.id, Inbound.sender).where(Inbound.booking_id.is_(None), Inbound.sender.is_not(None))
    if until is not None:
        written = written.where(Inbound.created_at <= until)
    theirs = [
        row.id
        for row in db.session.execute(written)
        if email_hash and lookup_hash("email", normal_email(row.sender)) == email_hash
    ]
    db.session.execute(update(Inbound).where(Inbound.id.in_(theirs)).values(**NO_WORDS))
