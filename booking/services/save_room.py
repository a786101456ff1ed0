"""Keep the rooms of a venue: add one, change it, take it away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking.errors import NotFound, Refusal
from booking.extensions import db
from booking.formats.words_for import when
from booking.models import Room
from booking.queries.venues import coming_in_room
from booking.rules.double_bookings import room_key
from booking.services.locks import lock_venue
from booking.services.record_audit import record_audit
from booking.services.require_seen import require_seen_room

SCREEN = "staff.venue_rooms"


@dataclass(frozen=True, kw_only=True)
class RoomDetails:
    """How many people we book for a room, and how many may be inside: the second is not ours to choose."""

    name: str
    capacity: int | None
    fire_limit: int | None


def save_room(venue_id: int, details: RoomDetails, *, room_id: int | None = None, seen: str | None = None) -> Room:
    """Add a room, or change one. Raise NotFound, EditedMeanwhile; Refusal for a name in use, or more than may enter."""
    rooms = _lock_rooms(venue_id)
    room = _one_of(rooms, room_id) if room_id else Room(venue_id=venue_id)
    if room_id:
        require_seen_room(room, seen)
    key = room_key(details.name)
    if any(other.key == key for other in rooms if other is not room):
        raise Refusal("This venue has a room of that name already. Choose another name.", field="name")
    if details.capacity and details.fire_limit and details.capacity > details.fire_limit:
        raise Refusal(f"No more than {details.fire_limit} people may be in this room. Book fewer.", field="capacity")
    if room_id and room.key != key:
        _refuse_if_held(room, field="name")
    room.name, room.key = details.name, key
    room.capacity, room.fire_limit = details.capacity, details.fire_limit
    db.session.add(room)
    db.session.flush()
    _record("room changed" if room_id else "room added", room)
    return room


def remove_room(venue_id: int, room_id: int) -> None:
    """Take a room away. Raise NotFound, or Refusal while a coming session is in it."""
    room = _one_of(_lock_rooms(venue_id), room_id)
    _refuse_if_held(room, field=None)
    _record("room removed", room)
    db.session.delete(room)
    db.session.flush()


def _lock_rooms(venue_id: int) -> list[Room]:
    if lock_venue(venue_id) is None:
        raise NotFound("There is no such venue.")
    statement = select(Room).where(Room.venue_id == venue_id).order_by(Room.key)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def _one_of(rooms: list[Room], room_id: int) -> Room:
    for room in rooms:
        if room.id == room_id:
            return room
    raise NotFound("That room is not there any more.")


def _refuse_if_held(room: Room, *, field: str | None) -> None:
    """A session names its room in words that families were told: they would fit no room any more."""
    if held := coming_in_room(room.venue_id, room.key):
        named = f"“{held[0].title}”, {when(held[0].starts_at, held[0].ends_at)}"
        raise Refusal(f"A coming session is in this room: {named}. Move it to another room first.", field=field)


def _record(action: str, room: Room) -> None:
    record_audit(action, screen=SCREEN, subject_type="venue", subject_id=room.venue_id, facts={"room": room.id})
