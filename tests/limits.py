"""The limits on tries, between two tests."""

from __future__ import annotations

from booking.extensions import limiter


def forget_tries() -> None:
    """Let go of what was counted, with the storage's own clean-up at an end: both at once break in its thread."""
    limiter.storage.timer.cancel()  # one that has not begun need not be waited for
    limiter.storage.timer.join()
    limiter.reset()
