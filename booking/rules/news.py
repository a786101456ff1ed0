"""Decide when news of new sessions may leave, and how much one address may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.clock import in_london, london_time

OPENS, CLOSES = 8, 20
"""O'clock in London: news waits for the day and never comes late in the evening."""
LAST_CALL = 19
SETTLES = timedelta(hours=1)
MOST_PER_ADDRESS = 5
MOST_QUESTIONS_A_DAY = 5
QUESTION_MAY_WAIT = timedelta(hours=24)
MILES = (5, 10, 15, 25)
"""The distances that are offered."""
ONLINE = "online"
"""Stands where a district does, for who wants online sessions alone."""


def may_leave(now: datetime) -> bool:
    """Return whether news may leave now."""
    return OPENS <= in_london(now).hour < CLOSES


def closes_at(now: datetime) -> datetime:
    """Return the moment after which today's news is pointless: tomorrow's has it."""
    return london_time(in_london(now).date(), CLOSES)


def has_settled(published: Iterable[datetime | None], *, now: datetime) -> bool:
    """Return whether news need not wait for more: an hour nothing was added, or the day ends.

    Whoever publishes five sessions one after the other is to be told of in one mail, not of the first alone.
    """
    if in_london(now).hour >= LAST_CALL:
        return True
    return all(moment is None or moment <= now - SETTLES for moment in published)
