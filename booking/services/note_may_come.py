"""Note that somebody may come to an open drop-in: how many, never who (J4)."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import MayCome
from booking.rules.words import BookingMode, EventStatus
from booking.services.locks import lock_event


def note_may_come(event_id: int, *, adults: int, children: int) -> MayCome:
    """Add to what staff expect. Raise Conflict for a session that is booked, over, put off or cancelled."""
    event = lock_event(event_id)
    is_on = event.status == EventStatus.PUBLISHED and not event.new_date_pending and event.ends_at > clock.now()
    if event.booking_mode != BookingMode.OPEN or not is_on:
        raise refusals.not_open()
    row = MayCome(event_id=event.id, adults=adults, children=children)
    db.session.add(row)
    db.session.flush()
    return row
