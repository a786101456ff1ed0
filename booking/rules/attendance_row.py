"""One adult's place: as the attendance file knows it, without anybody's name, and as an attendance list does."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from booking.rules.words import BookingStatus, CancelledBy, Origin, Outcome, PersonKind


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


class ListRow(NamedTuple):
    """One person on an attendance list. Children and `to_do`, as deeds, stand beside a family's first adult."""

    session: str
    starts_at: datetime
    venue: str | None
    name: str | None
    kind: PersonKind
    reference: str
    origin: Origin
    status: BookingStatus
    outcome: Outcome
    arrived_at: datetime | None
    children: int
    slot_at: datetime | None
    email: str | None
    phone: str | None
    to_do: tuple[str, ...] = ()
