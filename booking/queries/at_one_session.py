"""Several bookings of one family at one session: each stands by itself, but one reminder tells of them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from booking.extensions import db
from booking.models import Booking
from booking.queries.extensions import is_a_family
from booking.rules.contact import normal_email
from booking.rules.texts import mobile_number
from booking.rules.words import BookingStatus

_OF_FAMILIES = select(Booking.id, Booking.event_id, Booking.family_id).where(
    Booking.family_id.in_(bindparam("families", expanding=True)),
    Booking.event_id.in_(bindparam("events", expanding=True)),
    Booking.status == BookingStatus.CONFIRMED,
    is_a_family(),
)
"""Made once, because every reminder asks it."""


def heard_at(email: str | None, phone: str | None) -> str:
    """Return where a family hears of a booking. Two parents who live apart may be one family with two addresses."""
    return normal_email(email) if email else mobile_number(phone) or ""


def others_at_session(bookings: Sequence[Booking]) -> dict[int, list[Booking]]:
    """Return, by booking, the other confirmed ones that its family has at its session and hears of in the same place.

    A booking that has no others is left out.
    """
    numbers = _others(bookings)
    if not numbers:
        return {}
    found = {
        each.id: each
        for each in db.session.scalars(
            select(Booking)
            .where(Booking.id.in_({number for others in numbers.values() for number in others}))
            .options(joinedload(Booking.slot), joinedload(Booking.second_slot), selectinload(Booking.places))
        )
    }
    at = {booking.id: heard_at(booking.email, booking.phone) for booking in bookings}
    beside = {
        number: [found[other] for other in others if heard_at(found[other].email, found[other].phone) == at[number]]
        for number, others in numbers.items()
    }
    return {number: others for number, others in beside.items() if others}


def _others(bookings: Sequence[Booking]) -> dict[int, list[int]]:
    """Return the ids of the other bookings that each one's family has at its session."""
    families = sorted({booking.family_id for booking in bookings if booking.family_id is not None})
    events = sorted({booking.event_id for booking in bookings})
    together: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for number, event_id, family_id in db.session.execute(_OF_FAMILIES, {"families": families, "events": events}):
        together[event_id, family_id].append(number)
    beside = {
        booking.id: [number for number in together[booking.event_id, booking.family_id] if number != booking.id]
        for booking in bookings
    }
    return {number: sorted(others) for number, others in beside.items() if others}
