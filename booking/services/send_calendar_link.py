"""Mail a family the address of its own calendar, or stop that calendar."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from booking import clock
from booking.cipher import token_digest
from booking.errors import Conflict
from booking.extensions import db
from booking.formats.tokens import calendar_token
from booking.models import Family, Message
from booking.queries.family_calendar import may_follow
from booking.rules.words import LIVE, MessageKind
from booking.services.locks import lock_booking
from booking.services.notify import tell_calendar_link

MOST_A_DAY = 5
"""Mails with the address in 24 hours: whoever has the link of one booking cannot fill the family's mailbox."""


def send_calendar_link(booking_id: int) -> Message | None:
    """Queue the mail to the booking's own address; None when it was asked for too often.

    Never shown on a page: the link of a booking may have been handed on, and is for that booking alone (ADR 0016).
    Raise Conflict when the calendar is not for this booking.
    """
    booking = lock_booking(booking_id)
    family = booking.family
    if family is None or booking.status not in LIVE or not may_follow(booking):
        raise Conflict("There is no calendar for this booking.")
    db.session.refresh(family, with_for_update=True)
    if _sent_today(family) >= MOST_A_DAY:
        return None
    family.calendar_digest = token_digest(calendar_token(family))
    db.session.flush()
    return tell_calendar_link(booking)


def stop_calendar(family_id: int) -> None:
    """Make the address void. A new one can be asked for; twice does no harm."""
    family = db.session.scalars(
        select(Family).where(Family.id == family_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    family.calendar_version += 1
    family.calendar_digest = None
    db.session.flush()


def _sent_today(family: Family) -> int:
    since = clock.now() - timedelta(days=1)
    statement = select(func.count(Message.id)).where(
        Message.address_hash == family.email_hash, Message.kind == MessageKind.CALENDAR_LINK, Message.created_at > since
    )
    return db.session.scalar(statement) or 0
