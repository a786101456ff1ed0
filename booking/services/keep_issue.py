"""Write down, correct or take back what families raised at a session. The audit says who, and never what."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Issue
from booking.queries.issues import get_issue
from booking.rules.issues import Raised, refuse_issue, workstream_of
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit

SCREEN = "staff.session_issues"


def raise_issue(event_id: int, raised: Raised, *, locality: Locality) -> Issue:
    """Keep one. Raise Refusal for what cannot be kept, Conflict before the session has begun."""
    refuse_issue(raised, locality)
    event = lock_event(event_id)
    if event.new_date_pending or clock.now() < event.starts_at:
        raise Conflict("The session has not begun yet. Write down what families raise there once it has.")
    issue = Issue(event_id=event_id, raised_at=clock.now())
    db.session.add(issue)
    _write(issue, raised, locality, action="raise_issue")
    return issue


def change_issue(issue_id: int, raised: Raised, *, event_id: int, locality: Locality) -> Issue:
    """Correct one. Raise NotFound, or Refusal for what cannot be kept."""
    refuse_issue(raised, locality)
    lock_event(event_id)
    issue = get_issue(issue_id, event_id=event_id)
    _write(issue, raised, locality, action="change_issue")
    return issue


def take_back_issue(issue_id: int, *, event_id: int) -> None:
    """Delete one that was written down by mistake. Raise NotFound, or Conflict once everybody knows of it."""
    lock_event(event_id)
    issue = get_issue(issue_id, event_id=event_id)
    db.session.refresh(issue)
    if issue.published_at is not None or issue.answered_at is not None:
        raise Conflict("This is published, or was answered. It cannot be taken back.")
    db.session.delete(issue)
    db.session.flush()
    _note("take_back_issue", issue_id, event_id)


def _write(issue: Issue, raised: Raised, locality: Locality, *, action: str) -> None:
    issue.text, issue.theme, issue.families = raised.text.strip(), raised.theme, raised.families
    issue.workstream, issue.weakness = workstream_of(raised, locality), raised.weakness
    db.session.flush()
    _note(action, issue.id, issue.event_id)


def _note(action: str, issue_id: int, event_id: int) -> None:
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=event_id, facts={"issue": issue_id})
