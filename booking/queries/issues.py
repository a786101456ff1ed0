"""What families raised at a session."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from booking.errors import NotFound
from booking.extensions import db
from booking.models import Issue


def issues_at(event_id: int) -> Sequence[Issue]:
    """List them in the order in which they were written down."""
    return db.session.scalars(select(Issue).where(Issue.event_id == event_id).order_by(Issue.id)).all()


def issues_raised(event_id: int) -> int:
    """Count them without reading any."""
    return db.session.scalar(select(func.count(Issue.id)).where(Issue.event_id == event_id)) or 0


def get_issue(issue_id: int, *, event_id: int) -> Issue:
    """Return one of a session. Raise NotFound."""
    issue = db.session.get(Issue, issue_id)
    if issue is None or issue.event_id != event_id:
        raise NotFound("This issue is not there any more.")
    return issue
