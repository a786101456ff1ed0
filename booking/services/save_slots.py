"""Add a row of timed slots to a session, or take one away."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import db
from booking.models import Booking, Event, Slot
from booking.rules.slot_rows import Pause, starts_of_row
from booking.rules.words import BookingMode, EventStatus
from booking.services.locks import lock_event
from booking.services.move_waitlist import move_waitlist
from booking.services.record_audit import record_audit


def add_slots(
    event_id: int, *, role: str, first: datetime, minutes: int, number: int, desks: int, pause: Pause | None = None
) -> list[Slot]:
    """Add `number` slots one after the other, around a break. Raise Refusal when they do not fit into the session."""
    event = lock_event(event_id)
    if event.booking_mode != BookingMode.SLOTS or event.status == EventStatus.CANCELLED:
        raise Refusal("This session has no timed slots.")
    length = timedelta(minutes=minutes)
    if first < event.starts_at:
        raise Refusal("The first time is before the session begins.", field="first")
    starts = starts_of_row(first, length, number=number, pause=pause)
    if starts[-1] + length > event.ends_at:
        fit = sum(start + length <= event.ends_at for start in starts)
        raise Refusal(f"Only {fit} times of {minutes} minutes fit before the session ends.", field="number")
    if set(starts) & {slot.starts_at for slot in event.slots if slot.role == role}:
        raise Refusal("This role has a time then already.", field="first")
    slots = [
        Slot(event_id=event.id, role=role, starts_at=start, ends_at=start + length, capacity=desks, places_taken=0)
        for start in starts
    ]
    db.session.add_all(slots)
    _count(event)
    record_audit(
        "slots added", screen="staff.session_slots", subject_type="event", subject_id=event.id, facts={"slots": number}
    )
    move_waitlist(event)
    return slots


def remove_slot(event_id: int, slot_id: int) -> None:
    """Take a slot away. Raise Refusal when somebody has booked it, NotFound when it is not there."""
    event = lock_event(event_id)
    slot = next((slot for slot in event.slots if slot.id == slot_id), None)
    if slot is None:
        raise NotFound("This time is not there any more.")
    is_theirs = or_(Booking.slot_id == slot.id, Booking.second_slot_id == slot.id)
    if db.session.scalar(select(Booking.id).where(is_theirs).limit(1)) is not None:
        raise Refusal("A family has booked this time, so it stays. Move or cancel their booking.")
    event.slots.remove(slot)
    _count(event)
    record_audit("slot removed", screen="staff.session_slots", subject_type="event", subject_id=event.id)


def _count(event: Event) -> None:
    db.session.flush()
    db.session.expire(event, ["slots"])
    event.capacity = sum(slot.capacity for slot in event.slots)
    event.changed_at = clock.now()
    db.session.flush()
