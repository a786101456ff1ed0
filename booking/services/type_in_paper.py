"""Take over what was ticked and written on paper at the door: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from booking.models import Booking, Place
from booking.queries.register import get_register
from booking.rules.words import CorrectionReason, Outcome
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.locks import lock_event
from booking.services.record_attendance import record_children, record_outcome

VIA = "paper"


@dataclass(frozen=True, kw_only=True)
class PaperSheet:
    """What stood on the paper, by place and booking. `not_ticked` are rows without a tick that mean "did not come"."""

    event_id: int
    ticked: Collection[int]
    not_ticked: Collection[int] = ()
    children: Mapping[int, int] = field(default_factory=dict)
    walk_ins: Sequence[WalkIn] = ()


@dataclass(frozen=True, kw_only=True)
class TypedIn:
    """How many people were recorded."""

    came: int
    did_not_come: int
    walked_in: int


def type_in_paper(sheet: PaperSheet, *, by: int | None, why: CorrectionReason | None = None) -> TypedIn:
    """Record it. A tick counts whatever was recorded before; a row without one never undoes what a colleague recorded.

    Raise Conflict for a ticked booking that has no place any more, Refusal for numbers that cannot be, FireLimit,
    AsksWhy once the register is closed.
    """
    lock_event(sheet.event_id)
    ticked = [_record(place_id, Outcome.ATTENDED, sheet, by=by, why=why) for place_id in sorted(sheet.ticked)]
    unknown = {person.place_id for _entry, person in get_register(sheet.event_id).unknown}
    absent = sorted(unknown.intersection(sheet.not_ticked))
    for place_id in absent:
        _record(place_id, Outcome.DID_NOT_COME, sheet, by=by, why=why)
    for booking_id in sorted(sheet.children):
        record_children(booking_id, sheet.children[booking_id], by=by, event_id=sheet.event_id, via=VIA, why=why)
    added: list[Booking] = [add_walk_in(walk_in, by=by, via=VIA, why=why) for walk_in in sheet.walk_ins]
    walked_in = sum(len(booking.places) for booking in added)
    return TypedIn(came=len(ticked), did_not_come=len(absent), walked_in=walked_in)


def _record(
    place_id: int, outcome: Outcome, sheet: PaperSheet, *, by: int | None, why: CorrectionReason | None
) -> Place:
    return record_outcome(place_id, outcome, by=by, event_id=sheet.event_id, via=VIA, why=why)
