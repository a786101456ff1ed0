"""Whether what was asked for at a session was there, and whether a family may say so now."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking, NeedRequest
from booking.queries.feedback import takes_feedback_now
from booking.rules.need_outcomes import Told, count_outcomes, is_asked
from booking.rules.words import HOLDS_PLACES, BookingStatus, Outcome


def outcomes_at(event_id: int) -> Told:
    """Count what was there at one session, of all that families with a place asked for."""
    rows = db.session.execute(
        select(NeedRequest.state, NeedRequest.family_outcome)
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .where(Booking.event_id == event_id, Booking.status.in_(HOLDS_PLACES))
    )
    return count_outcomes((row.state, row.family_outcome) for row in rows)


def needs_to_judge(booking: Booking) -> list[NeedRequest]:
    """Return what a family can say now whether it was there: from the start of the session on, if it came.

    While nobody has said whether it came, it is asked, too.
    """
    event = booking.event
    stayed_away = all(place.outcome == Outcome.DID_NOT_COME for place in booking.places)
    is_open = booking.status == BookingStatus.CONFIRMED and event.starts_at <= clock.now() and takes_feedback_now(event)
    if not is_open or stayed_away:
        return []
    return [need for need in booking.needs if is_asked(need.state)]
