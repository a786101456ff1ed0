"""How long a place is kept for a family on the waiting list (J9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.clock import in_london, london_time

A_DAY = timedelta(hours=24)
AT_LEAST = timedelta(hours=2)
EVENING = 20
QUIET_FROM = 21
QUIET_UNTIL = 8


def offer_ends_at(now: datetime, *, starts_at: datetime) -> datetime | None:
    """Return when an offer made now ends; None in the last 24 hours, when staff ring instead.

    It lasts until the later of 24 hours and 8pm the next day; if that passes 24 hours before the start, until
    then; at least 2 hours; and it never ends between 9pm and 8am by London's clock.
    """
    if starts_at - now <= A_DAY:
        return None
    next_evening = london_time(in_london(now).date() + timedelta(days=1), EVENING)
    latest = starts_at - A_DAY
    end = max(min(max(now + A_DAY, next_evening), latest), now + AT_LEAST)
    return _outside_the_night(end, latest=latest, earliest=now + AT_LEAST)


def is_staff_to_ring(now: datetime, *, starts_at: datetime) -> bool:
    """Return whether the start is so near that staff ring the families who wait."""
    return now < starts_at <= now + A_DAY


def _outside_the_night(end: datetime, *, latest: datetime, earliest: datetime) -> datetime:
    local = in_london(end)
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return end
    evening_day = local.date() if local.hour >= QUIET_FROM else local.date() - timedelta(days=1)
    evening = london_time(evening_day, EVENING)
    morning = london_time(evening_day + timedelta(days=1), QUIET_UNTIL)
    return evening if morning > latest and evening >= earliest else morning
