"""Show an issue to everybody, say how far it is and what came of it. The audit says who, and never what."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Issue, IssueUpdate
from booking.queries.issues import GONE, get_update
from booking.rules.issues import refuse_answer, refuse_publishing, refuse_update
from booking.rules.words import IssueOutcome
from booking.services.locks import lock_event
from booking.services.record_audit import actor_id, record_audit
from booking.services.tell_back import tell_back

SCREEN = "staff.issue"


def publish_issue(issue_id: int, *, text: str, owner: str, is_fit: bool, locality: Locality) -> Issue:
    """Show an issue in an editor's words, or change these. Raise NotFound, or Refusal for what cannot be shown."""
    refuse_publishing(text, owner, is_fit=is_fit, locality=locality, today=clock.today())
    issue = _lock(issue_id)
    is_new = issue.published_at is None
    issue.published_text, issue.owner = text.strip(), owner
    issue.published_at = issue.published_at or clock.now()
    issue.published_by_id = actor_id()
    _note("publish_issue" if is_new else "change_published_issue", issue)
    return issue


def withdraw_issue(issue_id: int) -> Issue:
    """Take an issue off the board. What was written for everybody is deleted: it may have named somebody."""
    issue = _lock(issue_id)
    issue.published_text = issue.published_at = issue.published_by_id = None
    _note("withdraw_issue", issue)
    return issue


def add_update(issue_id: int, text: str) -> Issue:
    """Say how far it is. Raise NotFound, Refusal without words, Conflict while the issue is not shown."""
    issue = _lock(issue_id)
    refuse_update(text, is_public=issue.published_at is not None)
    issue.updates.append(IssueUpdate(text=text.strip(), said_at=clock.now()))
    _note("update_issue", issue)
    return issue


def take_back_update(update_id: int, *, issue_id: int) -> None:
    """Delete an update that was written by mistake. Raise NotFound."""
    issue = _lock(issue_id)
    issue.updates.remove(get_update(update_id, issue_id=issue_id))
    _note("take_back_update", issue)


def answer_issue(issue_id: int, outcome: IssueOutcome, *, reason: str) -> Issue:
    """Say what came of it; the first time the families that were there are told.

    An answer that another takes the place of stays as an update, with its day. Raise NotFound, Refusal without the
    reason, Conflict while the issue is not shown.
    """
    issue = _lock(issue_id)
    refuse_answer(outcome, reason, is_public=issue.published_at is not None)
    now = clock.now()
    if issue.outcome is not None and issue.outcome_at is not None and issue.outcome != outcome:
        issue.updates.append(IssueUpdate(text=issue.reason, outcome=issue.outcome, said_at=issue.outcome_at))
    if issue.outcome != outcome:
        issue.outcome_at = now
    issue.outcome, issue.reason = outcome, reason.strip()
    issue.answered_at = issue.answered_at or now
    _note("answer_issue", issue)
    tell_back(issue)
    return issue


def _lock(issue_id: int) -> Issue:
    """Lock an issue's session, and return the issue as it stands now."""
    event_id = db.session.scalar(select(Issue.event_id).where(Issue.id == issue_id))
    if event_id is None:
        raise NotFound(GONE)
    lock_event(event_id)
    issue = db.session.scalar(select(Issue).where(Issue.id == issue_id).execution_options(populate_existing=True))
    if issue is None:
        raise NotFound(GONE)
    return issue


def _note(action: str, issue: Issue) -> None:
    db.session.flush()
    facts = {"issue": issue.id}
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=issue.event_id, facts=facts)
