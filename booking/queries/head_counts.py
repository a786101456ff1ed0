"""How many children, supporters, interpreters and professionals were at a session, each for itself."""

from __future__ import annotations

from booking.extensions import db
from booking.models import HeadCount
from booking.queries.register import Register
from booking.rules.head_counts import HEADS, HeadCounts, Heads
from booking.rules.words import Outcome, PersonKind

_KINDS = {
    "supporters": PersonKind.SUPPORTER,
    "interpreters": PersonKind.INTERPRETER,
    "professionals": PersonKind.PROFESSIONAL,
}


def counts_of(event_id: int) -> HeadCounts:
    """Return what was counted; blanks, when nothing was."""
    row = db.session.get(HeadCount, event_id)
    return HeadCounts(**{name: getattr(row, name) for name in HEADS}) if row else HeadCounts()


def heads_of(register: Register) -> dict[str, Heads]:
    """Return each kind with what the register says and what was counted beside it."""
    counted = counts_of(register.event.id)
    heads = {"children": Heads(listed=register.children, counted=counted.children, replaces=True)}
    for name, kind in _KINDS.items():
        heads[name] = Heads(listed=_came(register, kind), counted=getattr(counted, name))
    return heads


def _came(register: Register, kind: PersonKind) -> int:
    return sum(
        person.kind == kind and person.outcome == Outcome.ATTENDED
        for entry in (*register.booked, *register.walk_ins)
        for person in entry.people
    )
