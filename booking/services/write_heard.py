"""Write, or correct, what was heard at a session, for the families who came. The audit says who, and never what."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import Heard
from booking.queries.heard import heard_at
from booking.rules.heard import refuse_note
from booking.rules.words import EventStatus
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit

SCREEN = "staff.what_we_heard"


def write_heard(event_id: int, text: str) -> None:
    """Show the note to those who came. Raise Refusal without words, Conflict before the session is over."""
    refuse_note(text)
    event = lock_event(event_id)
    if event.status != EventStatus.PUBLISHED or event.new_date_pending or clock.now() < event.ends_at:
        raise Conflict("The session is not over yet. Write what you heard once it is.")
    note = heard_at(event_id)
    if note is not None and note.text == text.strip():
        return
    if note is None:
        db.session.add(Heard(event_id=event_id, text=text.strip()))
    else:
        note.text, note.changed_at = text.strip(), clock.now()
    db.session.flush()
    action = "write_heard" if note is None else "change_heard"
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=event_id)
