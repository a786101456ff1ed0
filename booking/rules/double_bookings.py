"""Whether two sessions are in each other's way: at one venue, in one room, at one time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booking.rules.words import Delivery


class Placed(Protocol):
    """What a session and the plan of one have in common."""

    @property
    def delivery(self) -> Delivery: ...
    @property
    def venue_id(self) -> int | None: ...
    @property
    def room(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """A room that is taken for a time; without a name it is the whole venue, or nobody knows which room."""

    venue_id: int
    room: str
    starts_at: datetime
    ends_at: datetime


def stay_of(session: Placed) -> Stay | None:
    """Return what a session takes, or None when it needs no venue."""
    if session.delivery == Delivery.ONLINE or session.venue_id is None:
        return None
    return Stay(session.venue_id, room_key(session.room), session.starts_at, session.ends_at)


def is_in_the_way(one: Stay, other: Stay) -> bool:
    """Tell whether two stays overlap; one that begins when the other ends does not."""
    is_same_time = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    is_same_room = not one.room or not other.room or one.room == other.room
    return one.venue_id == other.venue_id and is_same_time and is_same_room


def room_key(name: str) -> str:
    """Reduce the name of a room to what two spellings of it share."""
    return " ".join(name.casefold().split())
