"""Record at the door who came, who did not, and how many children they brought."""

from __future__ import annotations

from sqlalchemy import select

from booking.errors import NotFound, Refusal
from booking.extensions import db
from booking.models import Booking, Place
from booking.rules.taps import MOST_CHILDREN, About, subject_of
from booking.rules.words import CorrectionReason, Outcome
from booking.services.decide_at_door import decide_at_door
from booking.services.locks import lock_booking


def record_outcome(
    place_id: int,
    outcome: Outcome,
    *,
    by: int | None,
    event_id: int | None = None,
    via: str = "",
    why: CorrectionReason | None = None,
) -> Place:
    """Write down whether somebody came. A later correction is kept with who, when and what stood there before.

    Raise Conflict when the booking no longer has a place, NotFound when there is none (in the session named),
    AsksWhy once the register is closed.
    """
    booking_id = db.session.scalar(select(Place.booking_id).where(Place.id == place_id))
    if booking_id is None:
        raise NotFound("This person is not on the register any more.")
    booking = _lock_booking(booking_id, event_id)
    place = next(each for each in booking.places if each.id == place_id)
    if place.outcome != outcome:
        subject = subject_of(About.PLACE, place_id)
        decide_at_door(booking.event_id, subject, {"outcome": outcome.value}, by=by, via=via, why=why)
    return db.session.scalars(select(Place).where(Place.id == place_id).execution_options(populate_existing=True)).one()


def record_children(
    booking_id: int,
    children: int,
    *,
    by: int | None = None,
    event_id: int | None = None,
    via: str = "",
    why: CorrectionReason | None = None,
) -> Booking:
    """Write down how many children a family brought. Raise Refusal for a number that cannot be."""
    if not 0 <= children <= MOST_CHILDREN:
        raise Refusal(f"Enter a number of children from 0 to {MOST_CHILDREN}.", field="children")
    booking = _lock_booking(booking_id, event_id)
    if booking.children != children:
        subject = subject_of(About.CHILDREN, booking_id)
        decide_at_door(booking.event_id, subject, {"children": children}, by=by, via=via, why=why)
    return booking


def _lock_booking(booking_id: int, event_id: int | None) -> Booking:
    found = db.session.get(Booking, booking_id)
    if found is None or (event_id is not None and found.event_id != event_id):
        raise NotFound("This booking is not on this register.")
    return lock_booking(booking_id)
