"""What staff should do today: who to ring, which requests are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock, texts
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import AuditEntry, Booking, Event, Message, NeedRequest, Place
from booking.queries.extensions import may_come
from booking.queries.staff_bookings import OPEN_STATES, names_of
from booking.rules.words import (
    LIVE,
    BookingStatus,
    CancelledBy,
    ContactBy,
    EventStatus,
    MessageStatus,
    Origin,
)

RANG = "rang family"
LATE = timedelta(hours=24)
LOOK_AHEAD = timedelta(days=14)
NEEDS_AHEAD = timedelta(days=2)


@dataclass(frozen=True)
class ToRing:
    """A family to ring, and why."""

    booking_id: int
    event_id: int
    session: str
    who: str
    phone: str
    reference: str
    why: str


@dataclass(frozen=True)
class NeedDue:
    """A request that should be arranged by now, or within two days."""

    event_id: int
    session: str
    reference: str
    label: str
    due_on: date | None
    is_late: bool


def people_to_ring() -> list[ToRing]:
    """Return who asked to be rung, whose message did not go out, and who may not have read of a late cancellation.

    Somebody who was rung since the last change of the booking is left out.
    """
    now = clock.now()
    bookings = db.session.scalars(
        select(Booking)
        .join(Booking.event)
        .where(
            Event.ends_at > now,
            Event.starts_at < now + LOOK_AHEAD,
            Event.status != EventStatus.DRAFT,
            Booking.origin != Origin.WALK_IN,
            may_come(),
        )
        .options(joinedload(Booking.event), selectinload(Booking.places).joinedload(Place.adult))
        .order_by(Event.starts_at, Booking.id)
    ).all()
    numbers = [booking.id for booking in bookings]
    problems, rung = _problems(numbers), _rung(numbers)
    rows = []
    for booking in bookings:
        why, since = _why(booking, problems)
        if why and rung.get(booking.id, since) <= since:
            rows.append(_to_ring(booking, why))
    return rows


def needs_due(*, locality: Locality) -> list[NeedDue]:
    """Return the requests of coming sessions that are not arranged and due within two days, the latest first."""
    today, now = clock.today(), clock.now()
    needs = db.session.scalars(
        select(NeedRequest)
        .join(NeedRequest.booking)
        .join(Booking.event)
        .where(
            NeedRequest.state.in_(OPEN_STATES),
            NeedRequest.due_on <= today + NEEDS_AHEAD,
            Booking.status.in_(LIVE),
            Event.ends_at > now,
            Event.status == EventStatus.PUBLISHED,
        )
        .options(joinedload(NeedRequest.booking).joinedload(Booking.event))
        .order_by(NeedRequest.due_on, NeedRequest.id)
    ).all()
    return [
        NeedDue(
            event_id=need.booking.event_id,
            session=need.booking.event.title,
            reference=need.booking.reference,
            label=locality.get_need(need.code).label,
            due_on=need.due_on,
            is_late=need.due_on is not None and need.due_on < today,
        )
        for need in needs
    ]


def _why(booking: Booking, problems: dict[int, tuple[str, datetime]]) -> tuple[str, datetime]:
    """Return why to ring, and since when; an empty reason for nobody."""
    event = booking.event
    if booking.status == BookingStatus.CANCELLED:
        cancelled_at = booking.cancelled_at or booking.created_at
        is_late = booking.cancelled_by == CancelledBy.US and event.starts_at - cancelled_at < LATE
        return ("The session is cancelled at short notice" if is_late else "", cancelled_at)
    if booking.id in problems:
        return problems[booking.id]
    if booking.contact_by == ContactBy.RING_ME:
        return "They asked us to ring", max(booking.created_at, event.changed_at)
    if not booking.email and not texts.reaches(booking):
        return "They have no email", max(booking.created_at, event.changed_at)
    if booking.status == BookingStatus.WAITING and event.starts_at - clock.now() < LATE and _has_room(event):
        return "A place is free, and it is too late for a mail", event.changed_at
    return "", booking.created_at


def _has_room(event: Event) -> bool:
    return event.capacity is None or event.places_taken < event.capacity


def _problems(numbers: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    rows = db.session.execute(
        select(Message.booking_id, Message.status, Message.created_at)
        .where(Message.booking_id.in_(numbers), Message.status.in_((MessageStatus.FAILED, MessageStatus.UNKNOWN)))
        .order_by(Message.id)
    )
    words = {
        MessageStatus.FAILED: "A message could not be sent",
        MessageStatus.UNKNOWN: "A message may not have arrived",
    }
    return {number: (words[status], at) for number, status, at in rows if number is not None}


def _rung(numbers: Sequence[int]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(AuditEntry.subject_id, func.max(AuditEntry.at))
        .where(AuditEntry.action == RANG, AuditEntry.subject_type == "booking", AuditEntry.subject_id.in_(numbers))
        .group_by(AuditEntry.subject_id)
    )
    return {number: at for number, at in rows if number is not None}


def _to_ring(booking: Booking, why: str) -> ToRing:
    return ToRing(
        booking_id=booking.id,
        event_id=booking.event_id,
        session=booking.event.title,
        who=names_of(booking),
        phone=booking.phone or "",
        reference=booking.reference,
        why=why,
    )
