"""What families and staff do in the tests of mail, each in its own transaction; and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, Event, Message
from booking.rules.words import CancelledBy, MessageStatus
from booking.services.cancel_booking import cancel_booking
from booking.services.locks import lock_event
from booking.services.notify import as_it_is, tell_changed


def change(booking: Booking, **values: Any) -> None:
    """Change the session of a booking, and tell its family."""
    with transaction():
        event = lock_event(booking.event_id)
        was = as_it_is(event)
        for name, value in values.items():
            setattr(event, name, value)
        db.session.flush()
        tell_changed(db.session.get_one(Booking, booking.id), was)


def move(booking: Booking, *, days: int) -> None:
    """Move the session of a booking by days, to the same time on London's clock."""
    event = db.session.get_one(Event, booking.event_id)
    times = {name: clock.in_london(getattr(event, name)) + timedelta(days=days) for name in ("starts_at", "ends_at")}
    change(booking, **times)


def cancel(booking: Booking, by: CancelledBy = CancelledBy.FAMILY) -> None:
    """Cancel a booking."""
    with transaction():
        cancel_booking(booking.id, by=by)


def outbox() -> list[Message]:
    """Return all messages as they stand, oldest first."""
    db.session.rollback()
    statement = select(Message).order_by(Message.id).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


def statuses() -> list[str]:
    """Return the states of all messages, oldest first."""
    return [f"{message.kind.value}: {message.status.value}" for message in outbox()]


def unfinished() -> int:
    """Return how many messages are still on their way."""
    return sum(message.status in (MessageStatus.QUEUED, MessageStatus.SENDING) for message in outbox())
