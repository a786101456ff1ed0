"""Let nobody overwrite what a colleague saved while they were typing."""

from __future__ import annotations

from booking.errors import Conflict
from booking.models import Event


class EditedMeanwhile(Conflict):
    """A colleague saved this session after the form was opened."""


def version_of(event: Event) -> str:
    """Return what a form remembers of the session it was opened on."""
    return event.changed_at.isoformat()


def require_seen(event: Event, seen: str | None) -> None:
    """Raise EditedMeanwhile if the session has changed since. None asks nothing (commands, demonstration data)."""
    if seen is not None and seen != version_of(event):
        raise EditedMeanwhile("A colleague changed this session while you were typing. Nothing of yours is lost.")
