"""Which bookings the counter `places_taken` counts, said once for whoever proves or changes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from booking.models import Booking
from booking.rules.words import HOLDS_PLACES, Origin


def is_counted() -> ColumnElement[bool]:
    """Select the bookings that `places_taken` counts: no imported history, and walk-ins only if they took a time."""
    has_a_place = or_(Booking.origin != Origin.WALK_IN, Booking.slot_id.is_not(None))
    return and_(Booking.status.in_(HOLDS_PLACES), has_a_place, Booking.import_id.is_(None))
