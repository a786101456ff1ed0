"""Take a complaint, and confirm it at once where there is an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from booking import clock
from booking.cipher import random_token
from booking.extensions import db
from booking.models import Complaint, Message
from booking.queries.installation import own_domain
from booking.queries.subscriptions import hash_of
from booking.rules.complaints import MOST_MAILS_A_DAY, answer_by
from booking.rules.references import make_reference
from booking.rules.words import MessageKind


@dataclass(frozen=True, kw_only=True)
class ComplaintGiven:
    """A complaint as it was written. There is an e-mail address or a phone number."""

    text: str
    name: str = ""
    email: str = ""
    phone: str = ""
    about_booking: str = ""


def take_complaint(given: ComplaintGiven, *, lang: str) -> Complaint:
    """Keep it sealed, and queue the mail that says so."""
    complaint = Complaint(
        reference=_free_reference(),
        text=given.text,
        name=given.name or None,
        email=given.email or None,
        email_hash=hash_of(given.email) if given.email else None,
        phone=given.phone or None,
        about_booking=given.about_booking or None,
        lang=lang,
        answer_by=answer_by(clock.today()),
    )
    db.session.add(complaint)
    db.session.flush()
    if complaint.email and _mails_today(complaint.email_hash) < MOST_MAILS_A_DAY:
        _confirm(complaint)
    return complaint


def _confirm(complaint: Complaint) -> None:
    now = clock.now()
    db.session.add(
        Message(
            kind=MessageKind.COMPLAINT_RECEIVED,
            complaint_id=complaint.id,
            dedupe_key=f"complaint:{complaint.id}",
            message_id=f"{random_token()}@{own_domain()}",
            address=complaint.email,
            address_hash=complaint.email_hash,
            not_before=now,
            next_attempt_at=now,
        )
    )
    complaint.acknowledged_at = now
    db.session.flush()


def _mails_today(email_hash: str | None) -> int:
    since = clock.now() - timedelta(days=1)
    statement = select(func.count(Message.id)).where(
        Message.kind == MessageKind.COMPLAINT_RECEIVED,
        Message.address_hash == email_hash,
        Message.created_at > since,
    )
    return db.session.scalar(statement) or 0


def _free_reference() -> str:
    while True:
        reference = make_reference()
        if db.session.scalar(select(Complaint.id).where(Complaint.reference == reference)) is None:
            return reference
