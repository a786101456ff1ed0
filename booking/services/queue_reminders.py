"""Queue the reminders of one session that are due now."""

from __future__ import annotations

from booking.extensions import db
from booking.models import Booking
from booking.queries.reminders_due import reminders_due
from booking.rules.reminders import closes_at
from booking.services.locks import lock_event
from booking.services.notify import notify


def queue_reminders(event_id: int) -> int:
    """Queue them under the session's lock, so that two workers never both do; return how many."""
    lock_event(event_id)
    queued = 0
    for due in reminders_due(event_id):
        booking = db.session.get_one(Booking, due.booking_id)
        not_after = closes_at(due.kind, due.starts_at)
        if notify(booking, due.kind, dedupe=due.dedupe, not_after=not_after):
            queued += 1
    return queued
