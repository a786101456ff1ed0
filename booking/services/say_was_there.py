"""Let a family say whether what it asked for was there; what staff say stays beside it."""

from __future__ import annotations

from collections.abc import Mapping

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.queries.need_outcomes import needs_to_judge
from booking.rules.need_outcomes import refuse_outcome
from booking.rules.words import NeedState
from booking.services.locks import lock_booking


def say_was_there(booking_id: int, said: Mapping[int, NeedState]) -> None:
    """Keep these answers by request. A family may change its mind; what it leaves out stays as it is.

    Raise NotFound for a request that this family is not asked about now.
    """
    booking = lock_booking(booking_id)
    asked = {need.id: need for need in needs_to_judge(booking)}
    if not set(said) <= set(asked):
        raise NotFound("This request is not there any more.")
    for need_id, outcome in said.items():
        refuse_outcome(outcome)
        need = asked[need_id]
        if need.family_outcome != outcome:
            need.family_outcome, need.family_said_at = outcome, clock.now()
    db.session.flush()
