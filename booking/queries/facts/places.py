"""Who had a place, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Place
from booking.queries.facts.needs import BookingNeeds
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.facts import REGISTER_OPEN_FOR, PlaceFact, SessionFact, lead_band
from booking.rules.words import PARTICIPANTS, BookingStatus, EventStatus, Origin, Outcome, Turn


class Visit(NamedTuple):
    """A day on which a family came, and to which kind of session."""

    day: date
    kind: str


def places(
    span: Span, sessions: Mapping[int, SessionFact], needs: BookingNeeds, area: Locality, *, with_profile: bool
) -> Iterator[PlaceFact]:
    """Read every participant's place on a confirmed booking.

    Only `with_profile` the sealed answers about the child are opened, and read how long ahead it was booked.
    """
    columns = [
        Place.id,
        Booking.event_id,
        Place.booking_id,
        Booking.family_id,
        Place.adult_id,
        Booking.district,
        Booking.origin,
        Booking.turn,
        Place.outcome,
    ]
    more = [Booking.profile, Booking.created_at] if with_profile else []
    statement = (
        select(*columns, *more)
        .join(Booking, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            *span.holds(Event.starts_at),
            Event.status == EventStatus.PUBLISHED,
            Booking.status == BookingStatus.CONFIRMED,
            Place.kind.in_(PARTICIPANTS),
        )
        .order_by(Place.id)
    )
    for row in db.session.execute(statement):
        profile = (row.profile or {}) if with_profile else {}
        session, is_walk_in = sessions[row.event_id], row.origin == Origin.WALK_IN
        yield PlaceFact(
            id=row.id,
            session=session,
            booking=row.booking_id,
            family=row.family_id,
            adult=row.adult_id,
            district=district_in(area, row.district),
            origin=row.origin.value,
            is_walk_in=is_walk_in,
            is_participant=True,
            outcome=row.outcome,
            age_phases=tuple(profile.get("age_phase", ())),
            supports=tuple(profile.get("support", ())),
            need_areas=tuple(profile.get("need_area", ())),
            has_need=row.booking_id in needs.asked,
            lead_band=_lead_band(session, row.created_at) if with_profile and not is_walk_in else "",
            left_unseen=row.turn == Turn.LEFT,
            formats_met=tuple(sorted(needs.formats_met.get(row.booking_id, ()))),
        )


def _lead_band(session: SessionFact, booked_at: datetime) -> str:
    return lead_band(max((session.starts_on - local_date(booked_at)).days, 0))


def attended_on(since: date, end: datetime) -> dict[int, set[Visit]]:
    """Find the days each family came, and to which kind; a register left open for 14 days says nothing."""
    sessions = _with_a_register(since, end)
    statement = (
        select(Booking.family_id, Booking.event_id)
        .distinct()
        .join(Place, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Event.starts_at >= clock.start_of_day(since),
            Event.starts_at < end,
            Booking.status == BookingStatus.CONFIRMED,
            Booking.family_id.is_not(None),
            Place.kind.in_(PARTICIPANTS),
            Place.outcome == Outcome.ATTENDED,
        )
    )
    days: dict[int, set[Visit]] = {}
    for family, event in db.session.execute(statement):
        if family is not None and event in sessions:
            days.setdefault(family, set()).add(sessions[event])
    return days


def _with_a_register(since: date, end: datetime) -> dict[int, Visit]:
    """Find the sessions whose register counts: held, and closed or not yet open for too long."""
    now = clock.now()
    rows = db.session.execute(
        select(Event.id, Event.starts_at, Event.kind).where(
            Event.starts_at >= clock.start_of_day(since),
            Event.starts_at < end,
            Event.ends_at <= now,
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            or_(Event.register_closed_at.is_not(None), Event.ends_at >= now - REGISTER_OPEN_FOR),
        )
    )
    return {event: Visit(local_date(starts_at), kind.value) for event, starts_at, kind in rows}
