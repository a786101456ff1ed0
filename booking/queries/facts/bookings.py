"""Bookings that had a place at some time: kept, cancelled, given back and taken again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from booking.extensions import db
from booking.models import Booking, Event, Place
from booking.queries.extensions import is_a_family
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.facts import (
    LATE_NOTICE,
    BookingFact,
    Held,
    SessionFact,
    SessionState,
    refilled_places,
    was_live_a_day_before,
)
from booking.rules.words import (
    PARTICIPANTS,
    BookingStatus,
    CancelledBy,
    EventStatus,
    FamilyCancelReason,
    Origin,
)


class _Had(NamedTuple):
    """One booking that had places from a moment on."""

    id: int
    event_id: int
    starts_at: datetime
    places: int
    booked_at: datetime
    from_: datetime
    cancelled_at: datetime | None
    cancelled_by: CancelledBy | None
    reason: FamilyCancelReason | None


def bookings(span: Span, sessions: Mapping[int, SessionFact]) -> Iterator[BookingFact]:
    """Read every booking that had a place at a session that was not cancelled; who walked in had none before."""
    by_session: dict[int, list[_Had]] = {}
    for had in _had_places(span):
        by_session.setdefault(had.event_id, []).append(had)
    for event_id, of_session in sorted(by_session.items()):
        session = sessions[event_id]
        if session.state in (SessionState.HELD, SessionState.PLANNED):
            yield from _facts(session, of_session)


def _facts(session: SessionFact, had: list[_Had]) -> Iterator[BookingFact]:
    starts_at = had[0].starts_at
    released: dict[int, tuple[int, int]] = {}
    if session.seats is not None:
        held = [Held(booking=each.id, places=each.places, from_=each.from_, until=each.cancelled_at) for each in had]
        released = refilled_places(held, capacity=session.seats, starts_at=starts_at)
    for each in had:
        by_family = each.cancelled_by == CancelledBy.FAMILY
        early, again = released.get(each.id, (0, 0)) if by_family else (0, 0)
        yield BookingFact(
            id=each.id,
            session=session,
            places=each.places,
            lead_days=max((session.starts_on - local_date(each.booked_at)).days, 0),
            was_live_a_day_before=was_live_a_day_before(
                confirmed_at=each.from_, cancelled_at=each.cancelled_at, starts_at=starts_at
            ),
            cancelled_late=by_family and each.cancelled_at is not None and starts_at - each.cancelled_at < LATE_NOTICE,
            is_cancelled=each.cancelled_at is not None,
            cancelled_by=each.cancelled_by,
            reason=each.reason.value if each.reason else "",
            released_early=early,
            refilled=again,
        )


def _had_places(span: Span) -> Iterator[_Had]:
    """Find the bookings that were confirmed at some time; an appointment is one place, or two times in a row."""
    people = (
        select(Place.booking_id, func.count().label("number"))
        .join(Booking, Booking.id == Place.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(*span.holds(Event.starts_at), Place.kind.in_(PARTICIPANTS))
        .group_by(Place.booking_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Booking.id,
            Booking.event_id,
            Event.starts_at,
            people.c.number,
            Booking.slot_id,
            Booking.second_slot_id,
            Booking.status,
            Booking.created_at,
            Booking.confirmed_at,
            Booking.cancelled_at,
            Booking.cancelled_by,
            Booking.cancel_reason,
        )
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(people, people.c.booking_id == Booking.id)
        .where(
            *span.holds(Event.starts_at),
            Event.status == EventStatus.PUBLISHED,
            Booking.origin != Origin.WALK_IN,
            is_a_family(),
        )
        .order_by(Booking.id)
    )
    for row in rows:
        from_ = row.confirmed_at or (row.created_at if row.status == BookingStatus.CONFIRMED else None)
        if from_ is None:
            continue
        appointments = 0 if row.slot_id is None else 1 if row.second_slot_id is None else 2
        yield _Had(
            id=row.id,
            event_id=row.event_id,
            starts_at=row.starts_at,
            places=appointments or row.number or 0,
            booked_at=row.created_at,
            from_=from_,
            cancelled_at=row.cancelled_at if row.status == BookingStatus.CANCELLED else None,
            cancelled_by=row.cancelled_by,
            reason=row.cancel_reason,
        )
