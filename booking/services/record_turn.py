"""Record at a session with times how far a family got: comes later, with the desk, done, or left before that."""

from __future__ import annotations

from booking.errors import Conflict, NotFound
from booking.extensions import db
from booking.models import Booking, Place
from booking.rules.running_board import WERE_HERE, may_follow
from booking.rules.taps import About, subject_of
from booking.rules.words import PARTICIPANTS, BookingStatus, Outcome, Turn
from booking.services.decide_at_door import decide_at_door
from booking.services.locks import lock_booking
from booking.services.record_attendance import record_outcome

VIA = "board"
"""How the board tells the register that somebody came: only that is taken back with the turn."""


def record_turn(booking_id: int, turn: Turn | None, *, by: int | None, event_id: int | None = None) -> Booking:
    """Write down whose turn it is, with what stood there before; None takes it back. Twice does no harm.

    Who got to the desk, or left, has come: that is recorded, too, if nobody had. Who left stays somebody who came.

    Raise Conflict for who has no place (any more), and for what cannot follow; NotFound when there is no such booking
    (in the session named), or when it is for no desk.
    """
    booking = _lock(booking_id, event_id)
    was = booking.turn
    if was == turn:
        return booking
    if booking.status != BookingStatus.CONFIRMED:
        raise Conflict("This booking has no place any more. If they came, add them as somebody who came anyway.")
    if not may_follow(was, turn):
        raise Conflict("Somebody has recorded meanwhile that they were with the desk. Undo that first.")
    value: dict[str, object] = {"turn": turn and turn.value}
    decide_at_door(booking.event_id, subject_of(About.TURN, booking_id), value, by=by, via=VIA)
    if turn in WERE_HERE:
        _record_that_they_came(booking, by=by)
    elif was in WERE_HERE:
        _take_that_back(booking, by=by)
    db.session.flush()
    return booking


def _lock(booking_id: int, event_id: int | None) -> Booking:
    found = db.session.get(Booking, booking_id)
    is_there = found is not None and event_id in (None, found.event_id)
    if found is None or not is_there or (found.slot_id is None and found.desk is None):
        raise NotFound("This booking is not on this board.")
    return lock_booking(booking_id)


def _record_that_they_came(booking: Booking, *, by: int | None) -> None:
    if any(place.outcome == Outcome.ATTENDED for place in booking.places):
        return
    for place in _participants(booking):
        record_outcome(place.id, Outcome.ATTENDED, by=by, via=VIA)


def _take_that_back(booking: Booking, *, by: int | None) -> None:
    """Take back what the board recorded, and nothing that somebody else did."""
    for place in _participants(booking):
        if place.outcome == Outcome.ATTENDED and place.device == VIA:
            record_outcome(place.id, Outcome.NOT_RECORDED, by=by, via=VIA)


def _participants(booking: Booking) -> list[Place]:
    return [place for place in booking.places if place.kind in PARTICIPANTS]
