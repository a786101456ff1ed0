"""Give a family another time in a session with timed slots; its old one goes to whoever waits."""

from __future__ import annotations

from sqlalchemy import func, select

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Event, Slot
from booking.rules import places as rule
from booking.rules.words import LIVE, BookingStatus, ChangeKind
from booking.services.find_time import Appointment, appointments, is_free, set_time
from booking.services.lock_live import lock_live
from booking.services.locks import lock_slot
from booking.services.move_waitlist import is_anyone_waiting, move_waitlist
from booking.services.notify import as_it_is, tell_new_time
from booking.services.record_change import record_change
from booking.services.take_places import free_places, take_places


def change_time(booking_id: int, slot_id: int, *, actor: str = "family") -> Booking:
    """Move a confirmed booking to another free time, with the same professional or another; the same does no harm.

    Who has two times in a row gets two. Raise Conflict when it is not free (any more), or when other families
    wait for that professional.
    """
    booking = lock_live(booking_id)
    event = booking.event
    if booking.status != BookingStatus.CONFIRMED or booking.slot is None:
        raise refusals.no_such_time()
    if slot_id == booking.slot_id:
        return booking
    for each in sorted(slot.id for slot in event.slots):
        lock_slot(each)
    before, was = booking.slot, as_it_is(event)
    was |= {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    free_places(booking, event)
    chosen = _find(booking, event, slot_id)
    _refuse_what_others_wait_for(booking, event, before, chosen)
    set_time(booking, chosen)
    take_places(booking, event)
    facts = {"was": was["starts_at"], "now": booking.starts_at.isoformat()}
    record_change(booking, ChangeKind.SLOT_CHANGED, actor=actor, **facts)
    tell_new_time(booking, was)
    move_waitlist(event)
    return booking


def _find(booking: Booking, event: Event, slot_id: int) -> Appointment:
    role = next((slot.role for slot in event.slots if slot.id == slot_id), None)
    if role is None:
        raise refusals.no_such_time()
    longer = booking.second_slot_id is not None
    possible = appointments(event, role, longer=longer, after=clock.now())
    chosen = next((each for each in possible if each.first.id == slot_id), None)
    if chosen is None or not is_free(event, chosen):
        raise refusals.time_gone()
    return chosen


def _refuse_what_others_wait_for(booking: Booking, event: Event, before: Slot, chosen: Appointment) -> None:
    """Another professional's times belong to who waits for them; a swap with the same one takes nobody's."""
    role = chosen.first.role
    if role == before.role:
        return
    if is_anyone_waiting(event, role=role):
        raise refusals.others_wait()
    has = db.session.scalar(
        select(func.count(Booking.id))
        .join(Slot, Booking.slot_id == Slot.id)
        .where(
            Booking.family_id == booking.family_id,
            Booking.event_id == event.id,
            Booking.id != booking.id,
            Booking.status.in_(LIVE),
            Slot.role == role,
        )
    )
    allowed = rule.times_allowed(starts_at=event.starts_at, now=clock.now())
    if (has or 0) >= allowed:
        raise refusals.too_many_times(allowed)
