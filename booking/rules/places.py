"""Whether a session takes bookings, how many places a booking needs, and whether it fits whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.clock import in_london, start_of_day
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
    NOT_YET = "not_yet"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWindow:
    """When families can book: days and hours are counted back from the start, so that it moves with the session."""

    starts_at: datetime
    opens_days_before: int | None = None
    ends_hours_before: int | None = None

    @property
    def opens_at(self) -> datetime | None:
        """The first moment of the day in London on which booking opens; None when it always was."""
        if self.opens_days_before is None:
            return None
        return start_of_day(in_london(self.starts_at).date() - timedelta(days=self.opens_days_before))

    @property
    def ends_at(self) -> datetime:
        """The moment from which nobody can book any more."""
        return self.starts_at - timedelta(hours=self.ends_hours_before or 0)

    def why_closed(self, *, now: datetime) -> Closed | None:
        """Return why families cannot book at this moment, or None when they can. Staff still can."""
        if self.opens_at is not None and now < self.opens_at:
            return Closed.NOT_YET
        return Closed.ENDED if now >= self.ends_at else None


def why_closed(
    *,
    status: EventStatus,
    mode: BookingMode,
    new_date_pending: bool,
    starts_at: datetime,
    now: datetime,
    window: BookingWindow | None = None,
) -> Closed | None:
    """Return why a session takes no bookings, or None when it does; `window` where families book for themselves."""
    if status == EventStatus.DRAFT:
        return Closed.NOT_PUBLISHED
    if status == EventStatus.CANCELLED:
        return Closed.CANCELLED
    if starts_at <= now:
        return Closed.STARTED
    if mode == BookingMode.OPEN:
        return Closed.NOT_BOOKED
    if new_date_pending:
        return Closed.POSTPONED
    return window.why_closed(now=now) if window else None


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
