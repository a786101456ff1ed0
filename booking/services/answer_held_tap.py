"""Let a person say whether something counts that a phone recorded and that could not count by itself."""

from __future__ import annotations

from sqlalchemy import select

from booking.errors import Conflict, NotFound
from booking.extensions import db
from booking.models import DoorEvent, Place
from booking.rules.taps import About, number_of
from booking.rules.words import CorrectionReason, HeldReason, Outcome, TapState
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.decide_at_door import settle
from booking.services.locks import lock_event
from booking.services.record_attendance import record_outcome
from booking.services.record_audit import record_audit
from booking.services.settle_attendance import SCREEN, CannotCount

MAY_COUNT = frozenset({HeldReason.NO_PLACE, HeldReason.HAS_PLACE, HeldReason.REVOKED})
"""What can count after all. A session that was called off, or is on another day, has no register to count in."""


def answer_held_tap(row_id: int, *, event_id: int, counts: bool, by: int | None) -> DoorEvent:
    """Count it, or leave it out; it is kept either way. Raise Conflict when it cannot count. Twice is once."""
    lock_event(event_id)
    row = db.session.get(DoorEvent, row_id, populate_existing=True)
    if row is None or row.event_id != event_id:
        raise NotFound("There is no such entry.")
    if row.state != TapState.HELD:
        return row
    if counts:
        _count(row, by=by)
    else:
        row.state = TapState.LEFT_OUT
    row.words = None
    row.staff_id = by
    db.session.flush()
    facts = {"entry": row.id, "counts": counts, "held_for": row.held_for, "via": row.via}
    record_audit("answer_held_tap", screen=SCREEN, subject_type="event", subject_id=event_id, facts=facts)
    return row


def can_count(row: DoorEvent) -> bool:
    """Return whether a held decision can count after all."""
    if row.held_for == HeldReason.NO_PLACE:
        return row.value.get("outcome") == Outcome.ATTENDED
    return row.held_for in MAY_COUNT


def _count(row: DoorEvent, *, by: int | None) -> None:
    if not can_count(row):
        raise Conflict("This cannot count. Leave it out, and write down on paper what is missing.")
    if row.held_for == HeldReason.REVOKED:
        row.state = TapState.COUNTS
        db.session.flush()
        try:
            settle(row.event_id, row.subject)
        except CannotCount as no:
            raise Conflict(no.sentence) from no
        return
    row.state = TapState.LEFT_OUT  # the person's own decision stands in its place
    if row.held_for == HeldReason.NO_PLACE:
        place = db.session.get_one(Place, number_of(row.subject))
        came = WalkIn(event_id=row.event_id, came_from=place.booking_id, override=row.via)
        add_walk_in(came, by=by, via=row.via, why=CorrectionReason.PHONE_LATE)
        return
    assert row.subject.startswith(About.CAME), "only families without a place can have got one"
    for place_id in db.session.scalars(select(Place.id).where(Place.booking_id == number_of(row.subject))).all():
        late = CorrectionReason.PHONE_LATE
        record_outcome(place_id, Outcome.ATTENDED, by=by, event_id=row.event_id, via=row.via, why=late)
