"""Count places in and out, under the lock of the session."""

from __future__ import annotations

from booking.extensions import db
from booking.models import Booking, Event, Slot
from booking.rules import places as rule
from booking.rules.words import Origin
from booking.services.locks import lock_slot


def places_of(booking: Booking, event: Event) -> int:
    """Return how many places a booking takes in this session."""
    kinds = (place.kind for place in booking.places)
    return rule.places_needed(kinds, event.booking_mode, times=times_of(booking))


def times_of(booking: Booking) -> int:
    """Return how many times a booking asks for in a session with times."""
    return 1 if booking.second_slot_id is None else 2


def places_left(event: Event, slot: Slot | None) -> int | None:
    """Return how many places are left in a session, or at one of its times; None means no limit."""
    left = rule.places_left(event.capacity, event.places_taken)
    if slot is None:
        return left
    here = max(slot.capacity - slot.places_taken, 0)
    return here if left is None else min(here, left)


def take_places(booking: Booking, event: Event) -> None:
    """Count a booking's places as taken; the session is locked."""
    _count(booking, event, sign=1)


def free_places(booking: Booking, event: Event) -> None:
    """Count a booking's places as free again; the session is locked."""
    _count(booking, event, sign=-1)


def count_more(event: Event, *, by: int) -> None:
    """Count so many places more (or fewer) in a session without times; the session is locked."""
    event.places_taken += by
    db.session.flush()


def stands_outside(booking: Booking) -> bool:
    """Tell whether no counter knows of a booking: somebody walked in, and took no time that is booked on the web."""
    return booking.origin == Origin.WALK_IN and booking.slot_id is None


def _count(booking: Booking, event: Event, *, sign: int) -> None:
    if stands_outside(booking):
        return
    event.places_taken += sign * places_of(booking, event)
    for slot_id in sorted(each for each in (booking.slot_id, booking.second_slot_id) if each is not None):
        lock_slot(slot_id).places_taken += sign
    db.session.flush()
