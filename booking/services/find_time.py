"""Find a time that is free, or two in a row, in a session whose row is locked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking import clock
from booking.formats import refusals
from booking.models import Booking, Event, Slot
from booking.rules import places as rule
from booking.rules.times import time_after
from booking.services.locks import lock_slot
from booking.services.take_places import places_left


@dataclass(frozen=True)
class Appointment:
    """One time with a professional, or two in a row."""

    first: Slot
    second: Slot | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)


def ask_for_time(event: Event, slot: Slot, *, longer: bool, for_need: bool) -> Appointment:
    """Return the appointment that begins with this time: two in a row if the family needs longer.

    Where no time follows, return the first two in a row there are: they stand for the waiting list. Raise Conflict
    when there never are two; who only named the need gets one time, and staff see the need.
    """
    pairs = appointments(event, slot.role, longer=True, after=clock.now()) if longer or for_need else []
    if longer and not pairs:
        raise refusals.never_two_in_a_row()
    wanted = [each for each in pairs if each.first.id == slot.id] or pairs or [Appointment(slot)]
    for each in sorted(wanted[0].slots, key=lambda each: each.id):
        lock_slot(each.id)
    return wanted[0]


def free_starts(event: Event, role: str, *, longer: bool) -> list[datetime]:
    """Return when a family can begin with a professional now, for one time or for two in a row."""
    possible = appointments(event, role, longer=longer, after=clock.now())
    return [each.first.starts_at for each in possible if is_free(event, each)]


def is_free(event: Event, appointment: Appointment) -> bool:
    """Tell whether every time of an appointment can be had, and the session has room for all of them."""
    left = rule.places_left(event.capacity, event.places_taken)
    return rule.fits(len(appointment.slots), left) and all(places_left(event, slot) for slot in appointment.slots)


def appointments(event: Event, role: str, *, longer: bool, after: datetime | None = None) -> list[Appointment]:
    """Return what can be asked of one professional, by start: single times, or pairs for who needs longer."""
    times = sorted((slot for slot in event.slots if slot.role == role), key=lambda slot: (slot.starts_at, slot.id))
    all_of_them = [Appointment(slot) for slot in times] if not longer else list(_pairs(times))
    return [each for each in all_of_them if after is None or each.first.starts_at > after]


def give_time(booking: Booking, event: Event) -> bool:
    """Give a waiting family the first free time of the professional it waits for; two if it waits for two.

    The time it asked for comes before all others. False when there is none.
    """
    asked = booking.slot
    if asked is None:
        return False
    longer = booking.second_slot_id is not None
    possible = appointments(event, asked.role, longer=longer, after=clock.now())
    for each in sorted(possible, key=lambda each: each.first.id != asked.id):
        if is_free(event, each):
            set_time(booking, each)
            return True
    return False


def set_time(booking: Booking, appointment: Appointment) -> None:
    """Write an appointment into a booking; counting it is another's job."""
    booking.slot_id, booking.slot = appointment.first.id, appointment.first
    booking.second_slot = appointment.second
    booking.second_slot_id = appointment.second.id if appointment.second else None


def _pairs(times: Sequence[Slot]) -> Iterator[Appointment]:
    for first in times:
        if second := time_after(first, times):
            yield Appointment(first, second)
