"""Which families are to be reminded now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, false, func, or_, select, true

from booking import clock, texts
from booking.extensions import db
from booking.models import Booking, Event, Message, Slot
from booking.queries.at_one_session import heard_at
from booking.rules.delivery import REMINDERS
from booking.rules.reminders import LONGEST_NOTICE, may_remind, reminder_open
from booking.rules.texts import TEXT_ONLY, may_have_text, mobile_number
from booking.rules.words import BookingStatus, Channel, EventStatus, MessageKind, MessageStatus


@dataclass(frozen=True, kw_only=True)
class ReminderDue:
    """One reminder to queue. `dedupe` names the day it is for, so a session moved to another day has its own."""

    booking_id: int
    event_id: int
    family_id: int | None
    kind: MessageKind
    starts_at: datetime
    dedupe: str

    @property
    def key(self) -> str:
        return f"booking:{self.booking_id}:{self.dedupe}"

    @property
    def of_family(self) -> tuple[int, int | None, str]:
        """Return what several bookings of one family at one session have in common."""
        return self.event_id, self.family_id, self.dedupe


def reminders_due(event_id: int | None = None) -> list[ReminderDue]:
    """Return the reminders that are due now and not queued yet, of one session or of all.

    A family with several bookings at one session is reminded once, of all of them, wherever it hears of them.
    """
    found = [due for row in _confirmed_soon(event_id) if (due := _due(row))]
    if not found:
        return []
    queued = _queued({due.event_id for due in found})
    keys = {row.key for row in queued}
    return _once_a_family([due for due in found if due.key not in keys], queued)


def _once_a_family(due: Sequence[ReminderDue], queued: Sequence[_Queued]) -> list[ReminderDue]:
    """Leave out whom a reminder of another booking of theirs tells, too."""
    told = [row for row in queued if row.status != MessageStatus.STALE]
    together = Counter([each.of_family for each in due] + [row.of_family for row in told])
    shared = [each for each in due if each.family_id is not None and together[each.of_family] > 1]
    if not shared:
        return list(due)
    heard_at = _heard_at(shared)
    seen = _told_at([row for row in told if together[row.of_family] > 1])
    once = []
    for each in due:
        mine = (each.of_family, heard_at.get(each.booking_id, ""))
        if mine not in seen:
            once.append(each)
        if each.booking_id in heard_at:
            seen.add(mine)
    return once


def _heard_at(due: Sequence[ReminderDue]) -> dict[int, str]:
    """Return, by booking, where its family hears of it."""
    by_text = {each.booking_id for each in due if each.kind in TEXT_ONLY}
    rows = db.session.execute(
        select(Booking.id, Booking.email, Booking.phone).where(Booking.id.in_({each.booking_id for each in due}))
    )
    return {number: heard_at(None if number in by_text else email, phone) for number, email, phone in rows}


def _told_at(queued: Sequence[_Queued]) -> set[tuple[tuple[int, int | None, str], str]]:
    """Return which family is told of which session, and at which address or number."""
    of_family = {row.id: row.of_family for row in queued}
    rows = db.session.execute(select(Message.id, Message.channel, Message.address).where(Message.id.in_(of_family)))
    return {
        (of_family[number], heard_at(None, address) if channel == Channel.TEXT else heard_at(address, None))
        for number, channel, address in rows
    }


def _confirmed_soon(event_id: int | None) -> list[Row[Any]]:
    now = clock.now()
    may_text = and_(true() if texts.are_on() else false(), Booking.may_text)
    wants_morning = and_(may_text, Booking.wants_morning_text)
    statement = (
        select(
            Booking.id,
            Booking.event_id,
            Booking.family_id,
            func.coalesce(Slot.starts_at, Event.starts_at, type_=Event.starts_at.type).label("starts_at"),
            func.coalesce(Booking.confirmed_at, Booking.created_at, type_=Booking.created_at.type).label("booked_at"),
            Booking.email.is_not(None).label("has_email"),
            case((and_(may_text, or_(Booking.email.is_(None), wants_morning)), Booking.phone)).label("phone"),
            wants_morning.label("wants_morning"),
            Event.reminders_off,
        )
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(Slot, Slot.id == Booking.slot_id)
        .where(
            Booking.status == BookingStatus.CONFIRMED,
            or_(Booking.email.is_not(None), may_text),
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


def _due(row: Row[Any]) -> ReminderDue | None:
    now = clock.now()
    kind = reminder_open(row.starts_at, now=now)
    if kind is None or kind in row.reminders_off:
        return None
    if not may_remind(kind, starts_at=row.starts_at, booked_at=row.booked_at, now=now) or not _reaches(kind, row):
        return None
    return ReminderDue(
        booking_id=row.id,
        event_id=row.event_id,
        family_id=row.family_id,
        kind=kind,
        starts_at=row.starts_at,
        dedupe=f"{kind.value}:{clock.in_london(row.starts_at).date().isoformat()}",
    )


def _reaches(kind: MessageKind, row: Row[Any]) -> bool:
    """Tell whether there is a way to send this reminder to them: a text on the morning is for who asked for it."""
    if kind in TEXT_ONLY:
        return row.wants_morning and mobile_number(row.phone) is not None
    return row.has_email or (may_have_text(kind, has_email=False) and mobile_number(row.phone) is not None)


@dataclass(frozen=True, kw_only=True)
class _Queued:
    """A reminder that is in the outbox already."""

    id: int
    key: str
    status: MessageStatus
    of_family: tuple[int, int | None, str]


def _queued(event_ids: Iterable[int]) -> list[_Queued]:
    statement = (
        select(Message.id, Message.dedupe_key, Message.status, Message.booking_id, Booking.event_id, Booking.family_id)
        .join(Booking, Booking.id == Message.booking_id)
        .where(Booking.event_id.in_(event_ids), Message.kind.in_(REMINDERS))
    )
    return [
        _Queued(
            id=row.id,
            key=row.dedupe_key,
            status=row.status,
            of_family=(row.event_id, row.family_id, row.dedupe_key.removeprefix(f"booking:{row.booking_id}:")),
        )
        for row in db.session.execute(statement)
    ]
