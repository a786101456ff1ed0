"""What else staff look at in the morning: offers that end soon, mail that came back, places and districts to see to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import District, Locality
from booking.models import Booking, Event, Message, Venue, VenueFact
from booking.rules.access_needs import year_before
from booking.rules.words import LIVE, BookingStatus, Delivery, EventStatus, FactAnswer

ENDS_SOON = timedelta(hours=24)
CAME_BACK_SINCE = timedelta(days=7)
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


@dataclass(frozen=True, kw_only=True)
class CameBack:
    """A family whose mail came back: what is left is the telephone, or another address."""

    booking_id: int
    event_id: int
    session: str
    reference: str
    at: datetime


def mails_came_back() -> list[CameBack]:
    """Return whose mail came back in the last week, for sessions still to come; the latest first, each family once."""
    now = clock.now()
    rows = db.session.execute(
        select(Booking.id, Booking.event_id, Event.title, Booking.reference, func.max(Message.bounced_at))
        .join(Message, Message.booking_id == Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .where(Message.bounced_at >= now - CAME_BACK_SINCE, Booking.status.in_(LIVE), Event.ends_at > now)
        .group_by(Booking.id, Booking.event_id, Event.title, Booking.reference)
        .order_by(func.max(Message.bounced_at).desc())
    )
    return [
        CameBack(booking_id=row[0], event_id=row[1], session=row[2], reference=row[3], at=row[4] or now) for row in rows
    ]


def count_stale_places() -> int:
    """Count the places with a session in the next six weeks of which something was checked too long ago."""
    now = clock.now()
    stale = or_(VenueFact.checked_on.is_(None), VenueFact.checked_on < year_before(clock.today()))
    statement = (
        select(func.count(VenueFact.venue_id.distinct()))
        .join(Event, Event.venue_id == VenueFact.venue_id)
        .where(
            VenueFact.answer != FactAnswer.NOT_CHECKED,
            stale,
            Event.status == EventStatus.PUBLISHED,
            Event.delivery != Delivery.ONLINE,
            Event.starts_at.between(now, now + LOOK_AHEAD),
        )
    )
    return db.session.scalar(statement) or 0


def has_no_place() -> bool:
    """Return whether there is no venue yet: whoever looks has only just begun."""
    return db.session.scalar(select(Venue.id).limit(1)) is None


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
    return [
        district for district in locality.inside_districts if not set(found) & set(locality.codes_of(district.code))
    ]
