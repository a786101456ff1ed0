"""Write down how many children, supporters, interpreters and professionals were at a session."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import HeadCount
from booking.queries.head_counts import counts_of
from booking.rules.head_counts import HEADS, HeadCounts, refuse_counts
from booking.rules.words import CorrectionReason
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit
from booking.services.require_why import require_why


def count_heads(event_id: int, counts: HeadCounts, *, why: CorrectionReason | None = None) -> bool:
    """Keep these counts and return whether they are new. Blank means that nobody counted.

    Raise Refusal for a number that cannot be, Conflict before the session, AsksWhy once its register is closed.
    """
    refuse_counts(counts)
    event = lock_event(event_id)
    was = counts_of(event_id)
    if counts == was:
        return False
    if clock.now() < event.starts_at:
        raise Conflict("The session has not begun yet. Count when it is over.")
    why = require_why(event, why)
    row = db.session.get(HeadCount, event_id) or HeadCount(event_id=event_id)
    for name in HEADS:
        setattr(row, name, getattr(counts, name))
    db.session.add(row)
    facts = {name: {"was": getattr(was, name), "now": getattr(counts, name)} for name in HEADS}
    changed = {name: both for name, both in facts.items() if both["was"] != both["now"]}
    reason = why.value if why else ""
    record_audit(
        "count_heads", screen="door.counts", subject_type="event", subject_id=event_id, reason=reason, facts=changed
    )
    return True
