"""What else staff look at in the morning: offers that end soon, and districts without a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import District, Locality
from booking.models import Booking, Event, Venue
from booking.rules.words import BookingStatus, Delivery, EventStatus

ENDS_SOON = timedelta(hours=24)
LOOK_AHEAD = timedelta(days=42)
"""How long a district may wait for its next session before it is shown: half a term."""


@dataclass(frozen=True, kw_only=True)
class OfferEnding:
    """A place that is kept for a family that has not answered yet."""

    booking_id: int
    event_id: int
    session: str
    reference: str
    ends_at: datetime


def offers_ending() -> list[OfferEnding]:
    """Return the offers that end within a day, the next one first: one call may save the place for the family."""
    now = clock.now()
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.status == BookingStatus.OFFERED, Booking.offer_ends_at.between(now, now + ENDS_SOON))
        .options(joinedload(Booking.event))
        .order_by(Booking.offer_ends_at, Booking.id)
    )
    return [
        OfferEnding(
            booking_id=booking.id,
            event_id=booking.event_id,
            session=booking.event.title,
            reference=booking.reference,
            ends_at=booking.offer_ends_at,
        )
        for booking in bookings
        if booking.offer_ends_at is not None
    ]


def districts_without(locality: Locality) -> Sequence[District]:
    """Return the forum's districts where no session with people in a room is published for the next six weeks."""
    now = clock.now()
    found = db.session.scalars(
        select(Venue.district)
        .join(Event, Event.venue_id == Venue.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.delivery != Delivery.ONLINE,
            Event.starts_at.between(now, now + LOOK_AHEAD),
        )
        .distinct()
    ).all()
    return [district for district in locality.inside_districts if district.code not in set(found)]
