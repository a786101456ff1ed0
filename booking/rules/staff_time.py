"""How long a sign-in of staff lasts, and how long what they typed is kept after it."""

from __future__ import annotations

from datetime import timedelta

IDLE = timedelta(minutes=20)
"""Without a page for so long, a sign-in is over (`privacy.md` 4.2)."""

TYPED_KEPT = timedelta(hours=24)
"""What was typed in the form that came too late waits so long for its writer."""


def is_idle(seen: float, *, now: float) -> bool:
    """Return whether a browser that last asked for a page then, both in seconds, has been left alone too long."""
    return not 0 <= now - seen <= IDLE.total_seconds()
