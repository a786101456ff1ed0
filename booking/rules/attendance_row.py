"""One adult's place: as the attendance file knows it, without anybody's name, and as an attendance list does."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from booking.rules.words import BookingStatus, CancelledBy, Origin, Outcome, PersonKind


class PlaceSession(NamedTuple):
    """The session of a place, as the database says it."""

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


class PlaceRow(NamedTuple):
    """One adult's place, as the database says it. The session is the same value in all its rows."""

    session: PlaceSession
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


class ListSession(NamedTuple):
    """The session of somebody on an attendance list."""

    title: str
    starts_at: datetime
    venue: str | None


class ListRow(NamedTuple):
    """One person on an attendance list. Children and `to_do`, as deeds, stand beside a family's first adult.

    The session is the same value in all its rows.
    """

    session: ListSession
    name: str | None
    kind: PersonKind
    reference: str
    origin: Origin
    status: BookingStatus
    outcome: Outcome
    arrived_at: datetime | None
    children: int
    slot_at: datetime | None
    email: str | None = None
    phone: str | None = None
    to_do: tuple[str, ...] = ()
