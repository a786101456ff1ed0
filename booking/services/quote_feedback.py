"""Show to everybody what somebody wrote of a session, in an editor's words, or take it back. No audit says what."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Feedback
from booking.rules.feedback import refuse_quote
from booking.services.locks import lock_event
from booking.services.record_audit import actor_id, record_audit

SCREEN = "staff.quote"


def publish_quote(feedback_id: int, *, text: str, is_fit: bool) -> Feedback:
    """Show it. Raise NotFound, NoConsent, or Refusal for words that cannot be shown."""
    row = _lock(feedback_id)
    refuse_quote(text, may_quote=row.may_quote and row.change is not None, is_fit=is_fit)
    row.quote, row.quoted_at, row.quoted_by_id = text.strip(), clock.now(), actor_id()
    _note("publish_quote", row)
    return row


def withdraw_quote(feedback_id: int) -> Feedback:
    """Take it back: its words are deleted. Raise NotFound."""
    row = _lock(feedback_id)
    row.quote = row.quoted_at = row.quoted_by_id = None
    _note("withdraw_quote", row)
    return row


def _lock(feedback_id: int) -> Feedback:
    """Lock the session, as who changes an answer does; return the answer as it stands."""
    event_id = db.session.scalar(select(Feedback.event_id).where(Feedback.id == feedback_id))
    if event_id is None:
        raise NotFound("These words are not there any more.")
    lock_event(event_id)
    row = db.session.get(Feedback, feedback_id, populate_existing=True)
    if row is None:
        raise NotFound("These words are not there any more.")
    return row


def _note(action: str, row: Feedback) -> None:
    db.session.flush()
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=row.event_id, facts={"quote": row.id})
