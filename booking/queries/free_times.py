"""The times a family can change to: free ones of its professional, and of those nobody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking import clock
from booking.models import Booking, Slot
from booking.queries.bookings import roles_waited_for
from booking.rules.times import time_after


@dataclass(frozen=True, kw_only=True)
class FreeTime:
    """A time, or two in a row for who has two."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime


def free_times(booking: Booking) -> dict[str, list[FreeTime]]:
    """Return the free times by professional, the family's own first; its present time is not among them."""
    event, own = booking.event, booking.slot
    if own is None:
        return {}
    waited_for = roles_waited_for(event) - {own.role}
    roles = sorted({slot.role for slot in event.slots} - waited_for, key=lambda role: (role != own.role, role))
    found = {role: _of(booking, sorted(event.slots, key=_start), role) for role in roles}
    return {role: times for role, times in found.items() if times}


def _of(booking: Booking, slots: list[Slot], role: str) -> list[FreeTime]:
    now, mine = clock.now(), {booking.slot_id, booking.second_slot_id}
    times = []
    for first in (slot for slot in slots if slot.role == role and slot.starts_at > now):
        second = time_after(first, slots) if booking.second_slot_id is not None else None
        wanted = [first] if booking.second_slot_id is None else [first, second]
        is_free = all(slot is not None and (slot.id in mine or slot.places_taken < slot.capacity) for slot in wanted)
        if is_free and first.id != booking.slot_id:
            ends_at = (second or first).ends_at
            times.append(FreeTime(slot_id=first.id, starts_at=first.starts_at, ends_at=ends_at))
    return times


def _start(slot: Slot) -> tuple[datetime, int]:
    return slot.starts_at, slot.id
