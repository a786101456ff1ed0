"""Sessions as the figures know them, and those whose register nobody closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Event, Slot, Venue, VenueFact
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.access_needs import year_before
from booking.rules.calendar_periods import Period, is_term_time, local_date, school_time
from booking.rules.engagement.facts import (
    ONLINE,
    REGISTER_OPEN_FOR,
    SessionFact,
    is_closed_soon,
    is_register_overdue,
    is_short_notice,
    state_of,
)
from booking.rules.participation import counted_level
from booking.rules.time_bands import time_band
from booking.rules.words import BookingMode, Delivery, EventStatus, FactAnswer

BASICS = ("step_free_route", "accessible_toilet", "quiet_room")
"""What a place should have at the least (M33)."""


@dataclass(frozen=True, slots=True)
class OverdueRegister:
    """A register that nobody closed within 14 days."""

    event_id: int
    title: str
    starts_at: datetime


def sessions(span: Span, locality: Locality) -> Iterator[SessionFact]:
    """Read every session of the span, whatever became of it, by the districts of the locality's day."""
    now = clock.now()
    basics = _checked_basics()
    slots = dict(
        db.session.execute(
            select(Slot.event_id, func.sum(Slot.capacity))
            .join(Event)
            .where(*span.holds(Event.starts_at))
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
            Event.venue_id,
            Venue.district,
        )
        .outerjoin(Venue)
        .where(*span.holds(Event.starts_at))
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
            district=ONLINE if row.delivery == Delivery.ONLINE else district_in(locality, row.district or ONLINE),
            school_time=school.value if (school := school_time(day, locality.terms, locality.bank_holidays)) else "",
            time_band=time_band(row.starts_at, row.ends_at, in_term=in_term).value,
            participation=counted_level(row.participation, row.co_production).value,
            workstreams=tuple(str(number) for number in row.workstreams),
            seats=None if row.booking_mode == BookingMode.OPEN else seats,
            by_appointment=by_appointment,
            cancel_reason=row.cancel_reason.value if row.cancel_reason else "",
            short_notice=is_short_notice(cancelled_at=row.cancelled_at, starts_at=row.starts_at),
            is_register_overdue=is_register_overdue(closed_at=row.register_closed_at, ends_at=row.ends_at, now=now),
            closed_soon=is_closed_soon(closed_at=row.register_closed_at, ends_at=row.ends_at),
            has_basics=_has_basics(basics.get(row.venue_id, {}), day),
        )


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


def _checked_basics() -> dict[int, dict[str, date]]:
    """Find by place when each of the basics it has was checked."""
    rows = db.session.execute(
        select(VenueFact.venue_id, VenueFact.code, VenueFact.checked_on).where(
            VenueFact.code.in_(BASICS), VenueFact.answer == FactAnswer.YES
        )
    )
    checked: dict[int, dict[str, date]] = {}
    for venue, code, checked_on in rows:
        if checked_on is not None:
            checked.setdefault(venue, {})[code] = checked_on
    return checked


def _has_basics(checked: Mapping[str, date], day: date) -> bool:
    """Tell whether a place had all of them on a day, none checked more than 12 months before."""
    return all(code in checked and checked[code] >= year_before(day) for code in BASICS)
