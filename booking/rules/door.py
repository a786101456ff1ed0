"""What may be done at the door: when a register is open, and how many people a building holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.rules.words import EventStatus

OPENS_BEFORE = timedelta(hours=12)
SHUTS_AFTER = timedelta(hours=12)
"""After the end; from then on only who may edit the session corrects its register."""
OPEN_AFTER = timedelta(days=14)
"""After the start; from then on an open register counts as not recorded."""


class RegisterState(StrEnum):
    """Whether the door may write in a register."""

    OPEN = "open"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_PUBLISHED = "not_published"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The people in a building, children among them, and its fire limit (None: not known)."""

    inside: int
    fire_limit: int | None

    def has_room_for(self, more: int) -> bool:
        """Tell whether so many more may come in."""
        return self.fire_limit is None or self.inside + more <= self.fire_limit

    @property
    def is_full(self) -> bool:
        """Tell whether nobody more may come in."""
        return not self.has_room_for(1)


def register_state(
    *,
    status: EventStatus,
    new_date_pending: bool,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    is_organiser: bool,
) -> RegisterState:
    """Say whether a register may be written in: from 12 hours before the start to 12 hours after the end.

    Organisers always may, as long as the session was not called off.
    """
    if status == EventStatus.DRAFT:
        return RegisterState.NOT_PUBLISHED
    if status == EventStatus.CANCELLED:
        return RegisterState.CANCELLED
    if new_date_pending:
        return RegisterState.POSTPONED
    if is_organiser:
        return RegisterState.OPEN
    if now < starts_at - OPENS_BEFORE:
        return RegisterState.TOO_EARLY
    return RegisterState.OPEN if is_the_day(starts_at, ends_at, now=now) else RegisterState.TOO_LATE


def is_the_day(starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Return whether it is the day of a session, as the front desk has it."""
    return starts_at - OPENS_BEFORE <= now <= ends_at + SHUTS_AFTER


def short_name(name: str | None) -> str:
    """Shorten a name to what the door needs: the first name and one initial, "Zoë L."."""
    words = (name or "").split()
    if len(words) < 2:
        return "".join(words)
    return f"{words[0]} {words[-1][0].upper()}."
