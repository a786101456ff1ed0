"""Keep what was decided at a door, and let the latest decision about each subject count.

Buttons of the register, lines from paper and taps of phones all come through here, so they end the same whatever
arrives first.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from booking import clock
from booking.cipher import random_token
from booking.errors import Conflict
from booking.extensions import db
from booking.models import DoorEvent, Event
from booking.rules.taps import About, Decision, began, latest, number_of
from booking.rules.words import CorrectionReason, HeldReason, Outcome, TapState, Turn
from booking.services.require_why import require_why
from booking.services.settle_attendance import CannotCount, Mark, settle_children, settle_place, settle_turn
from booking.services.settle_walk_in import settle_came, settle_walk_in


def decide_at_door(
    event_id: int,
    subject: str,
    value: dict[str, object],
    *,
    by: int | None,
    via: str = "",
    tap: str = "",
    names: tuple[str, ...] = (),
    why: CorrectionReason | None = None,
) -> None:
    """Decide now, as a person before the register does. The session is locked.

    Raise Conflict, with the sentence of the rule, for what cannot count, and AsksWhy once the register is closed.
    """
    why = require_why(db.session.get_one(Event, event_id), why)
    decision = Decision(tap=tap or random_token(), subject=subject, value=value, at=clock.now(), names=names)
    keep_decision(event_id, decision, by=by, via=via)
    try:
        settle(event_id, subject, why=why)
    except CannotCount as no:
        raise Conflict(no.sentence) from no


def keep_decision(
    event_id: int, decision: Decision, *, by: int | None = None, via: str = "", device_id: int | None = None
) -> DoorEvent:
    """Add one row. What it says does not count before `settle`."""
    row = DoorEvent(
        event_id=event_id,
        device_id=device_id,
        staff_id=by,
        via=via,
        tap=decision.tap,
        seq=decision.seq,
        subject=decision.subject,
        value=dict(decision.value),
        words={"names": list(decision.names)} if decision.names else None,
        at=decision.at,
        received_at=clock.now(),
        state=TapState.COUNTS,
    )
    db.session.add(row)
    db.session.flush()
    return row


def settle(event_id: int, subject: str, *, why: CorrectionReason | None = None) -> None:
    """Make the register say what the latest decision about a subject says. The session is locked.

    What a phone sends after the register was closed is kept as such. Raise CannotCount when it cannot; the register
    stands as it did.
    """
    rows = {row.tap: row for row in _counting(event_id, subject)}
    row = _latest_of(rows)
    if row is None:
        return
    decisions = [_decision(each) for each in rows.values()]
    winner = _decision(row)
    since = began(decisions) or winner.at
    mark = Mark(event_id=event_id, at=winner.at, since=since, by=row.staff_id, via=row.via, why=why or _why(row))
    match winner.about:
        case About.PLACE:
            settle_place(number_of(subject), Outcome(winner.value["outcome"]), mark)
        case About.CHILDREN:
            settle_children(number_of(subject), winner.value["children"], mark)
        case About.TURN:
            turn = winner.value["turn"]
            settle_turn(number_of(subject), None if turn is None else Turn(turn), mark)
        case About.CAME:
            described = latest(each for each in decisions if "children" in each.value)
            said = described.value if described else None
            settle_came(number_of(subject), mark, said, is_here=winner.value["here"], override=_override(rows))
        case About.WALK_IN:
            told = rows.get(subject.partition(":")[2])
            described = latest(each for each in decisions if "adults" in each.value)
            if told is not None and described is not None:
                settle_walk_in(told, described.value, mark, is_here=winner.value["here"])


def hold(row: DoorEvent, why: HeldReason) -> None:
    """Set a decision aside until a person says whether it counts."""
    row.state, row.held_for = TapState.HELD, why
    db.session.flush()


def latest_row(event_id: int, subject: str) -> DoorEvent | None:
    """Return the decision about a subject that counts, if there is one."""
    return _latest_of({row.tap: row for row in _counting(event_id, subject)})


def _latest_of(rows: Mapping[str, DoorEvent]) -> DoorEvent | None:
    winner = latest(_decision(row) for row in rows.values())
    return rows[winner.tap] if winner else None


def _counting(event_id: int, subject: str) -> list[DoorEvent]:
    same = DoorEvent.event_id == event_id, DoorEvent.subject == subject, DoorEvent.state == TapState.COUNTS
    return list(db.session.scalars(select(DoorEvent).where(*same)))


def _decision(row: DoorEvent) -> Decision:
    return Decision(tap=row.tap, subject=row.subject, value=row.value, at=row.at, seq=row.seq)


def _why(row: DoorEvent) -> CorrectionReason | None:
    is_closed = db.session.get_one(Event, row.event_id).register_closed_at is not None
    return CorrectionReason.PHONE_LATE if is_closed and row.device_id is not None else None


def _override(rows: Mapping[str, DoorEvent]) -> str:
    return next((reason for row in rows.values() if (reason := str(row.value.get("override", "")))), "")
