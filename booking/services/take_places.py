"""Count places in and out, under the lock of the session."""

from __future__ import annotations

from booking.extensions import db
from booking.models import Booking, Event, Slot
from booking.rules import places as rule
from booking.services.locks import lock_slot


def places_of(booking: Booking, event: Event) -> int:
    """Return how many places a booking takes in this session."""
    return rule.places_needed((place.kind for place in booking.places), event.booking_mode)


def places_left(event: Event, slot: Slot | None) -> int | None:
    """Return how many places are left in a session, or at one of its times; None means no limit."""
    left = rule.places_left(event.capacity, event.places_taken)
    if slot is None:
        return left
    here = max(slot.capacity - slot.places_taken, 0)
    return here if left is None else min(here, left)


def take_places(booking: Booking, event: Event) -> None:
    """Count a booking's places as taken; the session is locked."""
    _count(event, booking.slot_id, by=places_of(booking, event))


def free_places(booking: Booking, event: Event) -> None:
    """Count a booking's places as free again; the session is locked."""
    _count(event, booking.slot_id, by=-places_of(booking, event))


def count_more(event: Event, *, by: int) -> None:
    """Count so many places more (or fewer) in a session without times; the session is locked."""
    _count(event, None, by=by)


def _count(event: Event, slot_id: int | None, *, by: int) -> None:
    event.places_taken += by
    if slot_id is not None:
        lock_slot(slot_id).places_taken += by
    db.session.flush()
