"""Let nobody overwrite what a colleague saved while they were typing."""

from __future__ import annotations

from booking.errors import Conflict
from booking.models import Event, Room


class EditedMeanwhile(Conflict):
    """A colleague saved this session after the form was opened."""


def version_of(event: Event) -> str:
    """Return what a form remembers of the session it was opened on."""
    return event.changed_at.isoformat()


def version_of_room(room: Room) -> str:
    """Return what the form of a room remembers of it: all there is to say about one."""
    return f"{room.name}|{room.capacity or ''}|{room.fire_limit or ''}"


def require_seen_room(room: Room, seen: str | None) -> None:
    """Raise EditedMeanwhile if the room has changed since its form was opened. None asks nothing."""
    if seen is not None and seen != version_of_room(room):
        raise EditedMeanwhile("A colleague changed this room while you were typing. Nothing of yours is lost.")


def require_seen(event: Event, seen: str | None) -> None:
    """Raise EditedMeanwhile if the session has changed since. None asks nothing (commands, demonstration data)."""
    if seen is not None and seen != version_of(event):
        raise EditedMeanwhile("A colleague changed this session while you were typing. Nothing of yours is lost.")
