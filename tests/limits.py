"""The limits on tries, between two tests."""

from __future__ import annotations

from booking.extensions import limiter


def forget_tries() -> None:
    """Let go of what was counted, once the storage's own clean-up has ended: both at once break in its thread."""
    limiter.storage.timer.join()
    limiter.reset()
