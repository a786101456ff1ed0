"""Which bookings the counter `places_taken` counts, said once for whoever proves or changes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from booking.models import Booking
from booking.rules.words import HOLDS_PLACES, Origin


def is_counted() -> ColumnElement[bool]:
    """Select the bookings whose participants' places stand in `places_taken`: no walk-ins, no imported history."""
    return and_(Booking.status.in_(HOLDS_PLACES), Booking.origin != Origin.WALK_IN, Booking.import_id.is_(None))
