"""Who is to be rung, and why: it follows from the bookings, so a cause that is no longer true is never on the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock, texts
from booking.extensions import db
from booking.models import Booking, Call, Event, Message, Place
from booking.models.message import address_hash
from booking.queries.extensions import may_come
from booking.queries.staff_bookings import names_of
from booking.rules.calls import SETTLED
from booking.rules.reminders import opens_at
from booking.rules.words import (
    BookingStatus,
    CallReason,
    CancelledBy,
    Channel,
    ContactBy,
    EventStatus,
    MessageKind,
    MessageStatus,
    Origin,
)

LATE = timedelta(hours=24)
LOOK_AHEAD = timedelta(days=14)
"""How near a session is before families are rung about it; about what did not reach them they are rung at once."""
WENT_WRONG = (MessageStatus.FAILED, MessageStatus.UNKNOWN)

Cause = tuple[CallReason, datetime]
"""Why to ring, and since when."""


@dataclass(frozen=True, kw_only=True)
class CallDue:
    """A family to ring, and why. `tries` counts the calls for this cause that nobody answered."""

    booking_id: int
    event_id: int
    session: str
    starts_at: datetime
    who: str
    phone: str
    reference: str
    reason: CallReason
    tries: int
    last_try_at: datetime | None


def calls_due(booking_id: int | None = None) -> list[CallDue]:
    """Return who is to be rung, of one booking or of all: the next session first, then who was tried least.

    Somebody who was reached since the cause came up is left out.
    """
    bookings = _bookings(booking_id)
    numbers = [booking.id for booking in bookings]
    problems, calls = _problems(bookings), _calls(numbers)
    found = []
    for booking in bookings:
        cause = _cause(booking, problems.get(booking.id))
        if cause is None:
            continue
        reason, since = cause
        since_then = [call for call in calls[booking.id] if call.created_at >= since]
        if not any(call.outcome in SETTLED for call in since_then):
            found.append(_due(booking, reason, since_then))
    return sorted(found, key=lambda due: (due.starts_at, due.tries, due.booking_id))


def _bookings(booking_id: int | None) -> Sequence[Booking]:
    now = clock.now()
    not_reached = select(Message.booking_id).where(Message.status.in_(WENT_WRONG))
    statement = (
        select(Booking)
        .join(Booking.event)
        .where(
            Event.ends_at > now,
            or_(Event.starts_at < now + LOOK_AHEAD, Booking.id.in_(not_reached)),
            _may_have_cause(not_reached),
            Event.status != EventStatus.DRAFT,
            Booking.origin != Origin.WALK_IN,
            may_come(),
        )
        .options(joinedload(Booking.event), joinedload(Booking.slot))
        .options(selectinload(Booking.places).joinedload(Place.adult))
    )
    if booking_id is not None:
        statement = statement.where(Booking.id == booking_id)
    return db.session.scalars(statement).all()


def _may_have_cause(not_reached: Select[Any]) -> ColumnElement[bool]:
    """Leave out the many who read their mail: nothing of theirs is then opened. `_cause` decides about the others."""
    return or_(
        Booking.id.in_(not_reached),
        Booking.contact_by == ContactBy.RING_ME,
        Booking.email.is_(None),
        Booking.status == BookingStatus.WAITING,
        Booking.cancelled_by == CancelledBy.US,
    )


def _cause(booking: Booking, problem: Cause | None) -> Cause | None:
    """Return why to ring, and since when."""
    event = booking.event
    if booking.status == BookingStatus.CANCELLED:
        return _cancelled(booking, has_problem=problem is not None)
    if problem is not None or not _is_near(event):
        return problem
    if booking.contact_by == ContactBy.RING_ME:
        return _news_or_reminder(booking, CallReason.ASKED)
    if not _is_written_to(booking):
        return _news_or_reminder(booking, CallReason.NO_EMAIL)
    if booking.status == BookingStatus.WAITING and event.starts_at - clock.now() < LATE and _has_room(event):
        return CallReason.OFFER, event.changed_at
    return None


def _cancelled(booking: Booking, *, has_problem: bool) -> Cause | None:
    """Ring who may not know that we cancelled, and would travel, and who asked for it. Who cancelled themselves knows.

    What went wrong before counts, too: the cancellation went to the same address.
    """
    if booking.cancelled_by != CancelledBy.US:
        return None
    cancelled_at = booking.cancelled_at or booking.created_at
    is_late = booking.event.starts_at - cancelled_at < LATE
    is_rung = booking.contact_by == ContactBy.RING_ME or not _is_written_to(booking)
    if is_late or has_problem or (is_rung and _is_near(booking.event)):
        return CallReason.CANCELLED, cancelled_at
    return None


def _is_near(event: Event) -> bool:
    return event.starts_at < clock.now() + LOOK_AHEAD


def _is_written_to(booking: Booking) -> bool:
    return bool(booking.email) or texts.reaches(booking)


def _news_or_reminder(booking: Booking, news: CallReason) -> Cause:
    """Ring with what is new, and once more on the day before (J15), if they had booked by then."""
    event = booking.event
    told_from = max(booking.created_at, booking.confirmed_at or booking.created_at, event.changed_at)
    remind_from = opens_at(MessageKind.REMINDER_1_DAY, booking.starts_at)
    if booking.status == BookingStatus.OFFERED:
        return CallReason.OFFER, told_from
    is_wanted = MessageKind.REMINDER_1_DAY not in event.reminders_off and not event.new_date_pending
    if booking.status == BookingStatus.CONFIRMED and is_wanted and told_from < remind_from <= clock.now():
        return CallReason.REMINDER, remind_from
    return news, told_from


def _has_room(event: Event) -> bool:
    return event.capacity is None or event.places_taken < event.capacity


def _problems(bookings: Sequence[Booking]) -> dict[int, Cause]:
    """Return what did not reach a family where it is to be reached now; what went to an old address is past."""
    theirs = {booking.id: _addresses(booking) for booking in bookings}
    rows = db.session.execute(
        select(
            Message.id,
            Message.booking_id,
            Message.address_hash,
            Message.status,
            Message.bounced_at,
            Message.created_at,
        )
        .where(Message.booking_id.in_(theirs), Message.status.in_(WENT_WRONG))
        .order_by(Message.id)
    )
    mended = _reached_when_sent_again(theirs)
    found: dict[int, Cause] = {}
    for message_id, number, address, status, bounced_at, at in rows:
        if number is None or address not in theirs[number] or message_id in mended:
            continue
        if bounced_at is not None:
            found[number] = (CallReason.BOUNCED, bounced_at)
        else:
            found[number] = (CallReason.NOT_SENT if status == MessageStatus.FAILED else CallReason.UNSURE, at)
    return found


def _reached_when_sent_again(numbers: Iterable[int]) -> set[int]:
    """Return the messages that staff had sent again (`services/send_again.py`) and that left then."""
    keys = db.session.scalars(
        select(Message.dedupe_key).where(
            Message.booking_id.in_(numbers),
            Message.status == MessageStatus.SENT,
            Message.dedupe_key.like("booking:%:again:%"),
        )
    )
    return {int(key.split(":again:")[1].split(":")[0]) for key in keys}


def _addresses(booking: Booking) -> set[str]:
    to = {Channel.EMAIL: booking.email, Channel.TEXT: booking.phone}
    return {address_hash(channel, address) for channel, address in to.items() if address}


def _calls(numbers: Sequence[int]) -> dict[int, list[Call]]:
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in db.session.scalars(select(Call).where(Call.booking_id.in_(numbers)).order_by(Call.id)):
        calls[call.booking_id].append(call)
    return calls


def _due(booking: Booking, reason: CallReason, tries: Sequence[Call]) -> CallDue:
    return CallDue(
        booking_id=booking.id,
        event_id=booking.event_id,
        session=booking.event.title,
        starts_at=booking.starts_at,
        who=names_of(booking),
        phone=booking.phone or "",
        reference=booking.reference,
        reason=reason,
        tries=len(tries),
        last_try_at=tries[-1].created_at if tries else None,
    )
