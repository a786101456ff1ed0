"""Keep a session no larger than the room it is in."""

from __future__ import annotations

from booking.errors import Refusal
from booking.models import Event
from booking.queries.venues import find_room
from booking.rules.words import BookingMode


def fit_room(event: Event, *, field: str = "capacity") -> None:
    """Raise Refusal when a session takes more bookings than its room is for; appointments are not there all at once."""
    room = find_room(event.venue_id, event.room)
    if room is None or room.capacity is None or event.capacity is None or event.booking_mode == BookingMode.SLOTS:
        return
    if event.capacity > room.capacity:
        raise Refusal(
            f"{room.name} holds {room.capacity} people, and the session has {event.capacity} places. "
            f"Take {room.capacity} places or fewer, or another room.",
            field=field,
        )
