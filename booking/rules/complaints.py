"""The clock of complaints about data: thirty days, by London's calendar (DUAA 2025: confirmed within them)."""

from __future__ import annotations

from datetime import date, timedelta

DAYS = 30
SOON = 7
"""Days before the last one from which a complaint is pressing."""
MOST_MAILS_A_DAY = 3
"""To one address: whoever types somebody else's must not be able to trouble them."""


def answer_by(came_on: date) -> date:
    """Return the last day for an answer."""
    return came_on + timedelta(days=DAYS)


def days_left(last_day: date, *, today: date) -> int:
    """Return how many days are left; less than none when it is late."""
    return (last_day - today).days
