"""Write, or correct, what was heard at a session, for the families who came. The audit says who, and never what."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import Event, Heard
from booking.queries.heard import heard_at
from booking.rules.heard import refuse_note, refuse_reason
from booking.rules.words import EventStatus
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit
from booking.services.tell_heard import tell_heard

SCREEN = "staff.what_we_heard"


def write_heard(event_id: int, text: str, *, again: bool = False) -> Heard:
    """Show the note to those who came, and tell them once; `again` tells them of the change, too.

    Raise Refusal without words, Conflict before the session is over.
    """
    refuse_note(text)
    event = _lock(event_id)
    note, words = heard_at(event_id), text.strip()
    if note is None:
        note = Heard(event_id=event_id, text=words)
        db.session.add(note)
        _note("write_heard", event_id)
    elif note.text != words:
        note.changed_at = clock.now() if note.text is not None else None
        note.text, note.nothing_because = words, None
        _note("change_heard", event_id)
    db.session.flush()
    tell_heard(event, again=again)
    return note


def say_nothing_heard(event_id: int, reason: str) -> None:
    """Keep why there is nothing to share, so that nobody is reminded any more.

    Raise Refusal without a reason, Conflict before the session is over or once families read a note.
    """
    refuse_reason(reason)
    _lock(event_id)
    note = heard_at(event_id)
    if note is not None and note.text is not None:
        raise Conflict("Families read a note already. Correct it instead.")
    if note is None:
        db.session.add(Heard(event_id=event_id, nothing_because=reason.strip()))
    else:
        note.nothing_because = reason.strip()
    _note("nothing_heard", event_id)
    db.session.flush()


def _lock(event_id: int) -> Event:
    event = lock_event(event_id)
    if event.status != EventStatus.PUBLISHED or event.new_date_pending or clock.now() < event.ends_at:
        raise Conflict("The session is not over yet. Write what you heard once it is.")
    return event


def _note(action: str, event_id: int) -> None:
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=event_id)
