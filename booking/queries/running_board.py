"""One session's running board: every desk as it stands, and which times are free. Five queries, however many came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, Place, Slot
from booking.queries.extensions import is_a_family
from booking.rules.door import short_name
from booking.rules.places import places_left
from booking.rules.running_board import USUAL, Column, Desk, Visit, running_board
from booking.rules.words import PARTICIPANTS, BookingMode, BookingStatus, EventStatus, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A session with times, and its desks."""

    event: Event
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who somebody on the board is: names as on the register, empty when none was given."""

    reference: str
    names: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What somebody without a booking can have at one desk: the times that are free, or its queue."""

    desk: str
    free: tuple[Slot, ...]
    waiting: int


def get_board(event_id: int, *, now: datetime) -> Board:
    """Read how every desk of a session stands; nobody's name is read. Raise NotFound where no times are booked."""
    event = _get_event(event_id)
    statement = _visitors(event_id).options(
        joinedload(Booking.slot), joinedload(Booking.second_slot), selectinload(Booking.places)
    )
    visits = [_visit(booking) for booking in db.session.scalars(statement)]
    return Board(event=event, columns=running_board(_desks(event.slots), visits, now=now))


def guests(event_id: int) -> dict[int, Guest]:
    """Return who they are that the board shows, by booking."""
    statement = _visitors(event_id).options(selectinload(Booking.places).joinedload(Place.adult))
    return {booking.id: _guest(booking) for booking in db.session.scalars(statement)}


def seats(board: Board, *, now: datetime) -> list[Seats]:
    """Return for each desk the free times that are not over, and how many wait there already."""
    free = [] if places_left(board.event.capacity, board.event.places_taken) == 0 else board.event.slots
    return [
        Seats(
            desk=column.desk.name,
            free=tuple(
                slot
                for slot in free
                if slot.role == column.desk.name and slot.ends_at > now and slot.places_taken < slot.capacity
            ),
            waiting=len(column.queue),
        )
        for column in board.columns
    ]


def _get_event(event_id: int) -> Event:
    event = db.session.scalar(
        select(Event).where(Event.id == event_id).options(joinedload(Event.venue), selectinload(Event.slots))
    )
    if event is None or event.status == EventStatus.DRAFT or event.booking_mode != BookingMode.SLOTS:
        raise NotFound("There is no such session with times, or it is not published yet.")
    return event


def _visitors(event_id: int) -> Select[Booking]:
    return select(Booking).where(
        Booking.event_id == event_id,
        Booking.status == BookingStatus.CONFIRMED,
        Booking.slot_id.is_not(None) | Booking.desk.is_not(None),
        is_a_family(),
    )


def _desks(slots: Iterable[Slot]) -> Sequence[Desk]:
    """Make a desk of each role, in the order in which they begin."""
    by_role: dict[str, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.starts_at, slot.role)):
        by_role.setdefault(slot.role, []).append(slot)
    return [
        Desk(
            name=role,
            seats=max(slot.capacity for slot in times),
            length=min((slot.ends_at - slot.starts_at for slot in times), default=USUAL),
        )
        for role, times in by_role.items()
    ]


def _visit(booking: Booking) -> Visit:
    came = [place for place in booking.places if place.outcome == Outcome.ATTENDED]
    outcomes = {place.outcome for place in booking.places if place.kind in PARTICIPANTS}
    return Visit(
        key=booking.id,
        desk=booking.slot.role if booking.slot else booking.desk or "",
        starts_at=booking.slot.starts_at if booking.slot else None,
        ends_at=booking.ends_at if booking.slot else None,
        is_here=bool(came),
        is_absent=not came and outcomes == {Outcome.DID_NOT_COME},
        arrived_at=min((place.arrived_at for place in came if place.arrived_at), default=None),
        turn=booking.turn,
        turn_at=booking.turn_at,
    )


def _guest(booking: Booking) -> Guest:
    names = (short_name(place.adult.name if place.adult else None) for place in booking.places)
    return Guest(reference=booking.reference, names=tuple(name for name in names if name), people=len(booking.places))
