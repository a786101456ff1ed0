"""Say after a session what was there of all that was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, NeedRequest
from booking.rules.words import NeedState
from booking.services.change_need_state import change_need_state
from booking.services.locks import lock_event


def say_outcomes(event_id: int, outcomes: Mapping[int, NeedState]) -> int:
    """Set the outcome of these requests of one session and return how many are new.

    Raise NotFound for a request of another session, and Refusal before the session has begun.
    """
    event = lock_event(event_id)
    states: dict[int, NeedState] = {
        row.id: row.state
        for row in db.session.execute(
            select(NeedRequest.id, NeedRequest.state)
            .join(Booking, Booking.id == NeedRequest.booking_id)
            .where(Booking.event_id == event.id)
        )
    }
    if not set(outcomes) <= set(states):
        raise NotFound("One of these requests is not there any more.")
    new = {need_id: state for need_id, state in sorted(outcomes.items()) if states[need_id] != state}
    for need_id, state in new.items():
        change_need_state(need_id, state)
    return len(new)
