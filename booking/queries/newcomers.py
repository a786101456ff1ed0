"""Which families of a session have been to one before, so that the others are welcomed."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.clock import in_london
from booking.extensions import db
from booking.models import Booking, Event, Place
from booking.rules.engagement.facts import NEW_AFTER_MONTHS, months_before
from booking.rules.words import Outcome


def families_known_before(event: Event) -> frozenset[int]:
    """Return the numbers of the session's families that came to an earlier one in the 24 months before it (rule 14)."""
    since = clock.start_of_day(months_before(in_london(event.starts_at).date(), NEW_AFTER_MONTHS))
    here = select(Booking.family_id).where(Booking.event_id == event.id, Booking.family_id.is_not(None))
    statement = (
        select(Booking.family_id)
        .join(Event, Event.id == Booking.event_id)
        .join(Place, Place.booking_id == Booking.id)
        .where(
            Booking.family_id.in_(here),
            Place.outcome == Outcome.ATTENDED,
            Event.starts_at < event.starts_at,
            Event.starts_at >= since,
        )
        .distinct()
    )
    return frozenset(number for number in db.session.scalars(statement) if number is not None)
