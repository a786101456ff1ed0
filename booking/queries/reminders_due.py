"""Which families are to be reminded now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, case, false, func, or_, select, true

from booking import clock, texts
from booking.extensions import db
from booking.models import Booking, Event, Message, Slot
from booking.rules.delivery import REMINDERS
from booking.rules.reminders import LONGEST_NOTICE, may_remind, reminder_open
from booking.rules.texts import may_have_text, mobile_number
from booking.rules.words import BookingStatus, EventStatus, MessageKind


@dataclass(frozen=True, kw_only=True)
class ReminderDue:
    """One reminder to queue. `dedupe` names the day it is for, so a session moved to another day has its own."""

    booking_id: int
    event_id: int
    kind: MessageKind
    starts_at: datetime
    dedupe: str

    @property
    def key(self) -> str:
        return f"booking:{self.booking_id}:{self.dedupe}"


def reminders_due(event_id: int | None = None) -> list[ReminderDue]:
    """Return the reminders that are due now and not queued yet, of one session or of all."""
    found = [due for row in _confirmed_soon(event_id) if (due := _due(row))]
    if not found:
        return []
    queued = _queued({due.event_id for due in found})
    return [due for due in found if due.key not in queued]


def _confirmed_soon(event_id: int | None) -> list[Row[int, int, datetime, datetime, str | None, list[str]]]:
    now = clock.now()
    starts_at = func.coalesce(Slot.starts_at, Event.starts_at, type_=Event.starts_at.type)
    booked_at = func.coalesce(Booking.confirmed_at, Booking.created_at, type_=Booking.created_at.type)
    phone = case((Booking.email.is_(None), Booking.phone))
    statement = (
        select(Booking.id, Booking.event_id, starts_at, booked_at, phone, Event.reminders_off)
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(Slot, Slot.id == Booking.slot_id)
        .where(
            Booking.status == BookingStatus.CONFIRMED,
            or_(Booking.email.is_not(None), and_(true() if texts.are_on() else false(), Booking.may_text)),
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.ends_at > now,
            Event.starts_at < now + LONGEST_NOTICE,
        )
        .order_by(Booking.event_id, Booking.id)
    )
    if event_id is not None:
        statement = statement.where(Event.id == event_id)
    return list(db.session.execute(statement))


def _due(row: Row[int, int, datetime, datetime, str | None, list[str]]) -> ReminderDue | None:
    now = clock.now()
    booking_id, event_id, starts_at, booked_at, phone, off = row
    kind = reminder_open(starts_at, now=now)
    if kind is None or kind in off or not may_remind(kind, starts_at=starts_at, booked_at=booked_at, now=now):
        return None
    if phone and not (mobile_number(phone) and may_have_text(kind, has_email=False)):
        return None
    dedupe = f"{kind.value}:{clock.in_london(starts_at).date().isoformat()}"
    return ReminderDue(booking_id=booking_id, event_id=event_id, kind=kind, starts_at=starts_at, dedupe=dedupe)


def _queued(event_ids: set[int]) -> set[str]:
    statement = (
        select(Message.dedupe_key)
        .join(Booking, Booking.id == Message.booking_id)
        .where(Booking.event_id.in_(event_ids), Message.kind.in_(REMINDERS))
    )
    return set(db.session.scalars(statement))
