"""Whether a session takes bookings, how many places a booking needs, and whether it fits whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from booking.rules.words import PARTICIPANTS, BookingMode, EventStatus, PersonKind

ONE_TIME_EACH_UNTIL = timedelta(hours=48)
"""Until so long before a session a family has one time with each professional; after that, two (J3)."""


class Closed(StrEnum):
    """Why a session takes no bookings."""

    NOT_PUBLISHED = "not_published"
    CANCELLED = "cancelled"
    NOT_BOOKED = "not_booked"
    POSTPONED = "postponed"
    STARTED = "started"


def why_closed(
    *, status: EventStatus, mode: BookingMode, new_date_pending: bool, starts_at: datetime, now: datetime
) -> Closed | None:
    """Return why a session takes no bookings, or None when it does."""
    if status == EventStatus.DRAFT:
        return Closed.NOT_PUBLISHED
    if status == EventStatus.CANCELLED:
        return Closed.CANCELLED
    if starts_at <= now:
        return Closed.STARTED
    if mode == BookingMode.OPEN:
        return Closed.NOT_BOOKED
    return Closed.POSTPONED if new_date_pending else None


def as_shown(event_id: int, *, starts_at: datetime, venue_id: int | None) -> str:
    """Return when and where a session is as one short mark: a page keeps it, to tell whether it has moved since."""
    return f"{event_id}:{int(starts_at.timestamp())}:{venue_id or 0}"


def places_needed(kinds: Iterable[PersonKind], mode: BookingMode, *, times: int = 1) -> int:
    """Return the places a booking takes: its times in a session with times, else one per participant."""
    if mode == BookingMode.SLOTS:
        return times
    return sum(kind in PARTICIPANTS for kind in kinds)


def places_left(capacity: int | None, taken: int) -> int | None:
    """Return how many places are left; None means there is no limit."""
    return None if capacity is None else max(capacity - taken, 0)


def fits(needed: int, left: int | None) -> bool:
    """Return whether a family fits whole."""
    return left is None or needed <= left


def times_allowed(*, starts_at: datetime, now: datetime) -> int:
    """Return how many times with one professional a family may have."""
    return 1 if starts_at - now > ONE_TIME_EACH_UNTIL else 2
