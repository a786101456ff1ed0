"""Which level of participation a session counts as (M46)."""

from __future__ import annotations

from collections.abc import Collection

from booking.rules.words import CoProduction, Participation


def counted_level(level: Participation, ticks: Collection[str]) -> Participation:
    """Return the level that is counted: co-production needs all four ticks, and is co-design without."""
    if level == Participation.CO_PRODUCE and not set(CoProduction) <= set(ticks):
        return Participation.CO_DESIGN
    return level
