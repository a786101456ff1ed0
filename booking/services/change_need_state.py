"""Say how far a request has got."""

from __future__ import annotations

from sqlalchemy import select

from booking.errors import NotFound
from booking.extensions import db
from booking.models import NeedRequest
from booking.rules.words import NeedState
from booking.services.locks import lock_booking
from booking.services.record_audit import record_audit


def change_need_state(need_id: int, state: NeedState) -> NeedRequest:
    """Set the state of one request, under its booking's lock. Raise NotFound."""
    booking_id = db.session.scalar(select(NeedRequest.booking_id).where(NeedRequest.id == need_id))
    if booking_id is None:
        raise NotFound("This request is not there any more.")
    booking = lock_booking(booking_id)
    need = next(need for need in booking.needs if need.id == need_id)
    was, need.state = need.state, state
    db.session.flush()
    record_audit(
        "need state",
        screen="staff.session",
        subject_type="booking",
        subject_id=booking.id,
        facts={"was": was.value, "now": state.value},
    )
    return need
