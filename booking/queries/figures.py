"""The facts that figures are counted from: a handful of queries, whatever the number of sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Place, Slot, Venue, Wish
from booking.rules.calendar_periods import Period, is_term_time, local_date
from booking.rules.engagement import (
    NEW_AFTER_MONTHS,
    ONLINE,
    REGISTER_OPEN_FOR,
    PlaceFact,
    SessionFact,
    WishFact,
    is_register_overdue,
    is_short_notice,
    months_before,
    state_of,
)
from booking.rules.participation import counted_level
from booking.rules.time_bands import time_band
from booking.rules.words import PARTICIPANTS, BookingMode, BookingStatus, Delivery, EventStatus, Origin, Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the figures of some periods are counted from."""

    sessions: tuple[SessionFact, ...]
    places: tuple[PlaceFact, ...]
    attended_on: dict[int, set[date]]
    wishes: tuple[WishFact, ...] = ()


@dataclass(frozen=True, slots=True)
class OverdueRegister:
    """A register that nobody closed within 14 days."""

    event_id: int
    title: str
    starts_at: datetime


def get_facts(first: Period, last: Period, *, locality: Locality, with_profile: bool = False) -> Facts:
    """Read the facts of all sessions from the first day of one period to the last of another.

    The sealed answers about the child are opened only `with_profile`.
    """
    start, end = clock.start_of_day(first.start), clock.end_of_day(last.end)
    sessions = {fact.id: fact for fact in _sessions(start, end, locality)}
    places = tuple(_places(start, end, sessions, with_profile=with_profile))
    attended_on = _attended_on(months_before(first.start, NEW_AFTER_MONTHS), end)
    return Facts(tuple(sessions.values()), places, attended_on, tuple(_wishes(start, end)))


def get_overdue_registers(period: Period) -> list[OverdueRegister]:
    """List the sessions of a period whose outcomes do not count, because the register was not closed in 14 days."""
    statement = (
        select(Event.id, Event.title, Event.starts_at)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.register_closed_at.is_(None),
            Event.starts_at >= clock.start_of_day(period.start),
            Event.starts_at < clock.end_of_day(period.end),
            Event.ends_at < clock.now() - REGISTER_OPEN_FOR,
        )
        .order_by(Event.starts_at, Event.id)
    )
    return [OverdueRegister(*row) for row in db.session.execute(statement)]


def _sessions(start: datetime, end: datetime, locality: Locality) -> Iterator[SessionFact]:
    now = clock.now()
    slots = dict(
        db.session.execute(
            select(Slot.event_id, func.sum(Slot.capacity))
            .join(Event)
            .where(Event.starts_at >= start, Event.starts_at < end)
            .group_by(Slot.event_id)
        ).all()
    )
    statement = (
        select(
            Event.id,
            Event.starts_at,
            Event.ends_at,
            Event.status,
            Event.first_published_at,
            Event.new_date_pending,
            Event.kind,
            Event.delivery,
            Event.participation,
            Event.co_production,
            Event.workstreams,
            Event.booking_mode,
            Event.capacity,
            Event.cancel_reason,
            Event.cancelled_at,
            Event.register_closed_at,
            Venue.district,
        )
        .outerjoin(Venue)
        .where(Event.starts_at >= start, Event.starts_at < end)
        .order_by(Event.id)
    )
    for row in db.session.execute(statement):
        day = local_date(row.starts_at)
        in_term = is_term_time(day, locality.terms, locality.bank_holidays)
        by_appointment = row.booking_mode == BookingMode.SLOTS
        seats = slots.get(row.id, row.capacity) if by_appointment else row.capacity
        yield SessionFact(
            id=row.id,
            starts_on=day,
            state=state_of(
                row.status,
                ends_at=row.ends_at,
                was_published=row.first_published_at is not None,
                new_date_pending=row.new_date_pending,
                now=now,
            ),
            kind=row.kind.value,
            delivery=row.delivery.value,
            district=ONLINE if row.delivery == Delivery.ONLINE else row.district or ONLINE,
            time_band=time_band(row.starts_at, row.ends_at, in_term=in_term).value,
            participation=counted_level(row.participation, row.co_production).value,
            workstreams=tuple(str(number) for number in row.workstreams),
            seats=None if row.booking_mode == BookingMode.OPEN else seats,
            by_appointment=by_appointment,
            cancel_reason=row.cancel_reason.value if row.cancel_reason else "",
            short_notice=is_short_notice(cancelled_at=row.cancelled_at, starts_at=row.starts_at),
            is_register_overdue=is_register_overdue(closed_at=row.register_closed_at, ends_at=row.ends_at, now=now),
        )


def _places(
    start: datetime, end: datetime, sessions: dict[int, SessionFact], *, with_profile: bool
) -> Iterator[PlaceFact]:
    columns = [
        Place.id,
        Booking.event_id,
        Place.booking_id,
        Booking.family_id,
        Place.adult_id,
        Booking.district,
        Booking.origin,
        Place.kind,
        Place.outcome,
    ]
    statement = (
        select(*columns, *([Booking.profile] if with_profile else []))
        .join(Booking, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Event.starts_at >= start,
            Event.starts_at < end,
            Event.status == EventStatus.PUBLISHED,
            Booking.status == BookingStatus.CONFIRMED,
            Place.kind.in_(PARTICIPANTS),
        )
        .order_by(Place.id)
    )
    for row in db.session.execute(statement):
        profile = (row.profile or {}) if with_profile else {}
        yield PlaceFact(
            id=row.id,
            session=sessions[row.event_id],
            booking=row.booking_id,
            family=row.family_id,
            adult=row.adult_id,
            district=row.district,
            origin=row.origin.value,
            is_walk_in=row.origin == Origin.WALK_IN,
            is_participant=row.kind in PARTICIPANTS,
            outcome=row.outcome,
            age_phases=tuple(profile.get("age_phase", ())),
            supports=tuple(profile.get("support", ())),
            need_areas=tuple(profile.get("need_area", ())),
        )


def _wishes(start: datetime, end: datetime) -> Iterator[WishFact]:
    rows = db.session.execute(
        select(Wish.id, Wish.created_at, Wish.reason, Wish.district, Wish.kind, Wish.time_band)
        .where(Wish.created_at >= start, Wish.created_at < end)
        .order_by(Wish.id)
    )
    for row in rows:
        yield WishFact(
            id=row.id,
            made_on=local_date(row.created_at),
            reason=row.reason.value,
            district=row.district,
            kind=row.kind.value if row.kind else "",
            time_band=row.time_band,
        )


def _attended_on(since: date, end: datetime) -> dict[int, set[date]]:
    """Find the days each family came; a register left open for 14 days says nothing."""
    now = clock.now()
    statement = (
        select(Booking.family_id, Event.starts_at)
        .distinct()
        .join(Place, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Event.starts_at >= clock.start_of_day(since),
            Event.starts_at < end,
            Event.ends_at <= now,
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            or_(Event.register_closed_at.is_not(None), and_(Event.ends_at >= now - REGISTER_OPEN_FOR)),
            Booking.status == BookingStatus.CONFIRMED,
            Booking.family_id.is_not(None),
            Place.kind.in_(PARTICIPANTS),
            Place.outcome == Outcome.ATTENDED,
        )
    )
    days: dict[int, set[date]] = {}
    for family, starts_at in db.session.execute(statement):
        if family is not None:
            days.setdefault(family, set()).add(local_date(starts_at))
    return days
