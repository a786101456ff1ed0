"""One adult's place as the attendance file knows it: plain values, nobody's name."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from booking.rules.words import BookingStatus, CancelledBy, Outcome


class PlaceRow(NamedTuple):
    """One adult's place, as the database says it."""

    session_id: str
    title: str
    kind: str
    delivery: str
    venue: str
    venue_district: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    is_cancelled: bool
    booking_id: str
    family_id: str
    family_district: str
    adult_id: str
    origin: str
    status: BookingStatus
    cancelled_by: CancelledBy | None
    booked_at: datetime
    cancelled_at: datetime | None
    outcome: Outcome
