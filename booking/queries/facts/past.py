"""Where families came before and elsewhere: who is new, and who that waited was helped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event, Family, Place
from booking.queries.facts.in_order import in_order
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import Period, local_date
from booking.rules.engagement.facts import (
    NEW_AFTER_MONTHS,
    REGISTER_OPEN_FOR,
    PlaceFact,
    came,
    months_before,
)
from booking.rules.words import PARTICIPANTS, BookingStatus, EventStatus, Outcome

_FAMILIES_AT_ONCE = 500


class Visit(NamedTuple):
    """A day on which a family came, and to which kind of session."""

    day: date
    kind: str


def came_before(period: Period) -> frozenset[int]:
    """Find the families with a booking in the period that came before it, in the 24 months before its last day.

    By the family's own bookings: through the sessions of two years SQLite took a hundred times as long.
    """
    inside = Span.of_days(period.start, period.end)
    with_a_booking = select(Booking.family_id).join(Event).where(*inside.holds(Event.starts_at))
    before = Span(clock.start_of_day(_two_years_before(period.end)), inside.start)
    has_come = (
        select(Place.id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Booking.family_id == Family.id,
            *_came(),
            in_order(Booking.event_id).in_(select(Event.id).where(*_has_a_register(before))),
        )
        .correlate(Family)
        .exists()
    )
    return frozenset(db.session.scalars(select(Family.id).where(Family.id.in_(with_a_booking), has_come)))


def attended_on(period: Period, places: Iterable[PlaceFact], *, known: Set[int]) -> dict[int, set[date]]:
    """Give the days on which each family came, in the 24 months before each day of the period, but not of the known."""
    days: dict[int, set[date]] = {}
    for place in places:
        if place.family is not None and place.family not in known and place.session.has_register and came(place):
            days.setdefault(place.family, set()).add(place.day)
    begin, known_since = _two_years_before(period.start), _two_years_before(period.end)
    if begin < known_since:
        earlier = Span(clock.start_of_day(begin), clock.start_of_day(known_since))
        for family, visits in visits_of(days.keys(), earlier).items():
            days[family] |= {visit.day for visit in visits}
    return days


def visits_of(families: Collection[int], span: Span) -> dict[int, set[Visit]]:
    """Find the visits of some families in a span."""
    visits: dict[int, set[Visit]] = {}
    for some in _parts(list(families)):
        rows = db.session.execute(
            select(Booking.family_id, Event.starts_at, Event.kind)
            .distinct()
            .join(Place, Place.booking_id == Booking.id)
            .join(Event, Event.id == in_order(Booking.event_id))
            .where(Booking.family_id.in_(some), *_came(), *_has_a_register(span))
        )
        for family, starts_at, kind in rows:
            assert family is not None, "it is looked for by its number"
            visits.setdefault(family, set()).add(Visit(local_date(starts_at), kind.value))
    return visits


def _two_years_before(day: date) -> date:
    return months_before(day, NEW_AFTER_MONTHS)


def _came() -> tuple[ColumnElement[bool], ...]:
    return (
        Booking.status == BookingStatus.CONFIRMED,
        Place.kind.in_(PARTICIPANTS),
        Place.outcome == Outcome.ATTENDED,
    )


def _has_a_register(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Select the sessions of a span whose register says who came: held, and closed or not yet open for too long."""
    now = clock.now()
    return (
        *span.holds(Event.starts_at),
        Event.ends_at <= now,
        Event.status == EventStatus.PUBLISHED,
        Event.first_published_at.is_not(None),
        Event.new_date_pending.is_(False),
        or_(Event.register_closed_at.is_not(None), Event.ends_at >= now - REGISTER_OPEN_FOR),
    )


def _parts(families: list[int]) -> Iterator[list[int]]:
    """Take so many families at once, that no statement grows with the house."""
    for start in range(0, len(families), _FAMILIES_AT_ONCE):
        yield families[start : start + _FAMILIES_AT_ONCE]
