"""Close a session's register: who is unknown is asked, never guessed."""

from __future__ import annotations

from collections.abc import Mapping

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.models import Event
from booking.queries.register import get_register
from booking.rules.head_counts import HeadCounts
from booking.rules.words import Outcome
from booking.services.count_heads import count_heads
from booking.services.locks import lock_event
from booking.services.record_attendance import record_outcome
from booking.services.record_audit import record_audit
from booking.services.settle_attendance import SCREEN
from booking.services.tell_heard import tell_heard
from booking.services.thank_families import thank_families


class StillUnknown(Refusal):
    """Somebody on the register was left without an answer."""


def close_register(
    event_id: int, answers: Mapping[int, Outcome], *, by: int | None, counts: HeadCounts | None = None
) -> Event:
    """Record the answers about those still unknown, by place id, and close. "Not recorded" is an answer, too.

    `counts` says who else was there. The families that came are thanked by mail, and
    told what was heard if that is written already.

    Raise StillUnknown when one is missing, Conflict before the session has begun. Closing twice changes nothing.
    """
    event = lock_event(event_id)
    if event.register_closed_at is not None:
        return event
    if clock.now() < event.starts_at:
        raise Conflict("The session has not begun yet. Close the register when it is over.")
    unknown = [person for _entry, person in get_register(event_id).unknown]
    missing = [person for person in unknown if person.place_id not in answers]
    if missing:
        raise StillUnknown("Say for everybody whether they came. You can say that you do not know.")
    for person in unknown:
        record_outcome(person.place_id, answers[person.place_id], by=by)
    if counts is not None:
        count_heads(event_id, counts)
    event.register_closed_at = clock.now()
    kept_open = sum(answers[person.place_id] == Outcome.NOT_RECORDED for person in unknown)
    facts = {"asked": len(unknown), "not_known": kept_open}
    record_audit("close_register", screen=SCREEN, subject_type="event", subject_id=event_id, facts=facts)
    db.session.flush()
    thank_families(event)
    tell_heard(event)
    return event
