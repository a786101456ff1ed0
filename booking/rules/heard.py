"""What a note on what was heard at a session needs, who reads it, and by when it is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from booking.clock import in_london
from booking.errors import Refusal
from booking.rules.words import BookingStatus, EventKind, Outcome

LONGEST = 5000
LONGEST_REASON = 500
MOST_FILES = 3
ASKS = (EventKind.FORUM, EventKind.SCHOOL_FORUM, EventKind.FOCUS_GROUP, EventKind.ROADSHOW)
"""The kinds of sessions that families come to so that somebody hears them: these remind. Others may have a note."""
WITHIN = timedelta(days=10)
"""After the session (J19)."""
REMIND_FROM = timedelta(days=5)
REMIND_UNTIL = timedelta(days=60)
"""Nobody remembers a session of two months ago: what is written then is made up."""


def refuse_note(text: str) -> None:
    """Raise Refusal, beside its field, for what cannot be shown to families."""
    if not text.strip():
        raise Refusal("Write what you heard.", field="text")
    if len(text) > LONGEST:
        raise Refusal(f"Please use {LONGEST} characters or fewer.", field="text")


def refuse_reason(reason: str) -> None:
    """Raise Refusal where nobody would know later why families were told nothing."""
    if not reason.strip():
        raise Refusal("Say why there is nothing to share.", field="nothing_because")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"Please use {LONGEST_REASON} characters or fewer.", field="nothing_because")


def reads_note(status: BookingStatus, outcomes: Iterable[Outcome | None]) -> bool:
    """Return whether a booking's family reads it: somebody of it came."""
    return status == BookingStatus.CONFIRMED and Outcome.ATTENDED in set(outcomes)


def due_on(ended_at: datetime) -> date:
    """Return the last day on which the note of a session is in time."""
    return in_london(ended_at).date() + WITHIN
