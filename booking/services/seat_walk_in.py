"""Give somebody who walked in a free time, or a place in the queue for a desk; and take it back."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.models import Booking, Event, Slot
from booking.services.locks import lock_event, lock_slot
from booking.services.move_waitlist import move_waitlist
from booking.services.take_places import free_places, places_left, take_places


class TimeGone(Conflict):
    """Somebody else has just taken the free time; the queue is open."""

    def __init__(self) -> None:
        super().__init__("That time has just gone. Choose another one, or the queue.")


def find_seat(event: Event, *, slot_id: int | None, desk: str) -> Slot | None:
    """Return the free time that was chosen, None for the queue. The session is locked, so it stays free.

    Raise TimeGone when it is taken or over, Refusal for a time or a desk that the session has not.
    """
    if slot_id is None:
        if desk and desk not in {slot.role for slot in event.slots}:
            raise Refusal("Choose a desk from the list.", field="seat")
        return None
    if slot_id not in {slot.id for slot in event.slots}:
        raise Refusal("Choose a time from the list.", field="seat")
    slot = lock_slot(slot_id)
    if slot.ends_at <= clock.now() or places_left(event, slot) == 0:
        raise TimeGone
    return slot


def seat_walk_in(booking: Booking, event: Event, *, slot: Slot | None, desk: str) -> None:
    """Write the time into a walk-in, and count it so that nobody books it as well; or whom they wait to see."""
    booking.desk = None if slot is not None else desk or None
    if slot is not None:
        booking.slot, booking.slot_id = slot, slot.id
        take_places(booking, event)
    db.session.flush()


def unseat_walk_in(booking: Booking, *, is_counted: bool) -> None:
    """Let a walk-in be in the queue and no further: it was added by mistake, and its time is free again."""
    booking.turn = booking.turn_at = None
    if booking.slot is None:
        return
    event, desk = lock_event(booking.event_id), booking.slot.role
    if is_counted:
        free_places(booking, event)
    booking.slot = booking.slot_id = None
    booking.desk = desk
    db.session.flush()
    move_waitlist(event)
