"""Write down how a call to a family went; who cannot come gives the place to the next family."""

from __future__ import annotations

from booking.extensions import db
from booking.models import Call
from booking.queries.calls_due import calls_due
from booking.rules.words import CallOutcome, CallReason, CancelledBy
from booking.services.cancel_booking import cancel_booking
from booking.services.locks import lock_booking
from booking.services.record_audit import actor, actor_id, record_audit

SCREEN = "staff.calls"


def record_call(booking_id: int, outcome: CallOutcome, *, note: str | None = None) -> Call:
    """Record one call, and cancel for who cannot come.

    Raise NoResultFound for no booking, and Conflict when it would cancel after the session has begun.
    """
    booking = lock_booking(booking_id)
    due = calls_due(booking_id)
    call = Call(
        booking_id=booking_id,
        reason=due[0].reason if due else CallReason.ASKED,
        outcome=outcome,
        note=note or None,
        staff_id=actor_id(),
    )
    db.session.add(call)
    db.session.flush()
    if outcome == CallOutcome.CANNOT_COME:
        cancel_booking(booking.id, by=CancelledBy.FAMILY, actor=actor())
    record_audit(
        "rang family", screen=SCREEN, subject_type="booking", subject_id=booking_id, facts={"outcome": outcome.value}
    )
    return call
