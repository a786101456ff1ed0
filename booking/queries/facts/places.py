"""Who had a place, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, partial

from sqlalchemy import null, select

from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Place
from booking.queries.facts.needs import BookingNeeds
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.facts import PlaceFact, SessionFact, lead_band
from booking.rules.words import PARTICIPANTS, BookingStatus, EventStatus, Origin, Turn


def places(
    span: Span, sessions: Mapping[int, SessionFact], needs: BookingNeeds, area: Locality, *, with_profile: bool
) -> Iterator[PlaceFact]:
    """Read every participant's place on a confirmed booking.

    Only `with_profile` the sealed answers about the child are opened, and read how long ahead it was booked.
    """
    statement = (
        select(
            Place.id,
            Booking.event_id,
            Place.booking_id,
            Booking.family_id,
            Place.adult_id,
            Booking.district,
            Booking.origin,
            Booking.turn,
            Place.outcome,
            *([Booking.profile, Booking.created_at] if with_profile else [null(), null()]),
        )
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
    where = cache(partial(district_in, area))
    for id_, event, booking, family, adult, district, origin, turn, outcome, sealed, booked_at in db.session.execute(
        statement
    ):
        session, is_walk_in, profile = sessions[event], origin is Origin.WALK_IN, sealed or {}
        yield PlaceFact(
            id=id_,
            session=session,
            booking=booking,
            family=family,
            adult=adult,
            district=where(district),
            origin=str(origin),
            is_walk_in=is_walk_in,
            is_participant=True,
            outcome=outcome,
            age_phases=tuple(profile.get("age_phase", ())),
            supports=tuple(profile.get("support", ())),
            need_areas=tuple(profile.get("need_area", ())),
            has_need=booking in needs.asked,
            lead_band=_lead_band(session, booked_at) if with_profile and not is_walk_in else "",
            left_unseen=turn is Turn.LEFT,
            formats_met=tuple(sorted(needs.formats_met.get(booking, ()))),
        )


def _lead_band(session: SessionFact, booked_at: datetime) -> str:
    return lead_band(max((session.starts_on - local_date(booked_at)).days, 0))
