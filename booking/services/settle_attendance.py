"""Make the register say who came and how many children they brought, as it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.errors import Conflict
from booking.extensions import db
from booking.models import Booking, Place
from booking.rules.words import BookingStatus, CorrectionReason, HeldReason, Outcome, Turn
from booking.services.locks import lock_booking
from booking.services.record_audit import record_audit

SCREEN = "door.register"


class CannotCount(Conflict):
    """The decision is kept, but cannot count by itself, because of `why`."""

    def __init__(self, why: HeldReason, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who decided it (a member of staff), how it was told, when, since when it has stood; `why` once it is closed."""

    event_id: int
    at: datetime
    since: datetime
    by: int | None
    via: str
    why: CorrectionReason | None = None


def settle_place(place_id: int, outcome: Outcome, mark: Mark) -> None:
    """Write down whether somebody came; who was marked "here" twice came the first time."""
    place = _lock_place(place_id, mark)
    booking = place.booking
    if booking.status != BookingStatus.CONFIRMED:
        sentence = "This booking has no place any more. If they came, add them as somebody who came anyway."
        raise CannotCount(HeldReason.NO_PLACE, sentence)
    if place.outcome != outcome:
        closed = booking.event.register_closed_at is not None
        is_correction = closed or place.outcome != Outcome.NOT_RECORDED
        facts = {"place": place.id, "was": place.outcome.value, "now": outcome.value, "closed": closed}
        note_deed("correct_attendance" if is_correction else "record_attendance", mark, facts)
    write_outcome(place, outcome, mark)


def settle_children(booking_id: int, children: int, mark: Mark) -> None:
    """Write down how many children a family brought."""
    booking = lock_booking_here(booking_id, mark)
    if booking.children != children:
        note_deed("record_children", mark, {"booking": booking.id, "was": booking.children, "now": children})
    booking.children = children
    db.session.flush()


def settle_turn(booking_id: int, turn: Turn | None, mark: Mark) -> None:
    """Write down how far a family got with its desk; None when nobody has called it."""
    booking = lock_booking_here(booking_id, mark)
    if booking.status != BookingStatus.CONFIRMED:
        raise CannotCount(HeldReason.NO_PLACE, "This booking has no place any more.")
    was = booking.turn
    if was != turn:
        note_deed("record_turn", mark, {"booking": booking.id, "was": was and was.value, "now": turn and turn.value})
    booking.turn, booking.turn_at = turn, None if turn is None else mark.since
    db.session.flush()


def write_outcome(place: Place, outcome: Outcome, mark: Mark) -> None:
    """Fill the columns that say what became of a place."""
    place.outcome = outcome
    place.arrived_at = mark.since if outcome == Outcome.ATTENDED else None
    place.recorded_at, place.recorded_by, place.device = mark.at, mark.by, mark.via
    db.session.flush()


def note_deed(action: str, mark: Mark, facts: Mapping[str, object], *, reason: str = "") -> None:
    """Add the audit entry, with the phone that told it, and with why a closed register is corrected."""
    told = {**facts, "via": mark.via} if mark.via else dict(facts)
    why = reason or (mark.why.value if mark.why else "")
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=mark.event_id, reason=why, facts=told)


def lock_booking_here(booking_id: int, mark: Mark) -> Booking:
    """Lock a booking of the session. Raise CannotCount when it is not, or not any more, on its register."""
    if db.session.get(Booking, booking_id) is not None:
        booking = lock_booking(booking_id)
        if booking.event_id == mark.event_id:
            return booking
    raise CannotCount(HeldReason.NOT_ON_REGISTER, "This booking is not on this register.")


def _lock_place(place_id: int, mark: Mark) -> Place:
    booking_id = db.session.scalar(select(Place.booking_id).where(Place.id == place_id))
    if booking_id is None:
        raise CannotCount(HeldReason.NOT_ON_REGISTER, "This person is not on the register any more.")
    lock_booking_here(booking_id, mark)
    return db.session.scalars(select(Place).where(Place.id == place_id).execution_options(populate_existing=True)).one()
