"""What a note on what was heard at a session needs, and who reads it."""

from __future__ import annotations

from collections.abc import Iterable

from booking.errors import Refusal
from booking.rules.words import BookingStatus, Outcome

LONGEST = 5000


def refuse_note(text: str) -> None:
    """Raise Refusal, beside its field, for what cannot be shown to families."""
    if not text.strip():
        raise Refusal("Write what you heard.", field="text")
    if len(text) > LONGEST:
        raise Refusal(f"Please use {LONGEST} characters or fewer.", field="text")


def reads_note(status: BookingStatus, outcomes: Iterable[Outcome | None]) -> bool:
    """Return whether a booking's family reads it: somebody of it came."""
    return status == BookingStatus.CONFIRMED and Outcome.ATTENDED in set(outcomes)
