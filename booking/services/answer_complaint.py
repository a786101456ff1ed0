"""What staff do about a complaint: note it down, say that it was confirmed, and close it with what was found."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import db
from booking.models import Complaint, ComplaintNote
from booking.rules.words import ComplaintOutcome
from booking.services.record_audit import actor_id, record_audit


def note_complaint(complaint_id: int, text: str) -> None:
    """Add a note. Raise NotFound."""
    complaint = _lock(complaint_id)
    _add_note(complaint, text)
    _record("complaint noted", complaint)


def confirm_complaint(complaint_id: int) -> None:
    """Write down that somebody told them that it is here; a second time changes nothing. Raise NotFound."""
    complaint = _lock(complaint_id)
    if complaint.acknowledged_at is None:
        complaint.acknowledged_at = clock.now()
        _record("complaint confirmed", complaint)
    db.session.flush()


def answer_complaint(complaint_id: int, outcome: ComplaintOutcome, *, text: str) -> None:
    """Close it with what was found and how they were told. Raise NotFound, or Refusal if it is closed."""
    complaint = _lock(complaint_id)
    if complaint.answered_at is not None:
        raise Refusal("It has been answered already. Add a note instead.", field="outcome")
    complaint.outcome, complaint.answered_at = outcome, clock.now()
    complaint.acknowledged_at = complaint.acknowledged_at or complaint.answered_at
    _add_note(complaint, text)
    _record("complaint answered", complaint, outcome=outcome.value)


def _lock(complaint_id: int) -> Complaint:
    statement = select(Complaint).where(Complaint.id == complaint_id).with_for_update()
    complaint = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if complaint is None:
        raise NotFound("There is no such complaint.")
    return complaint


def _add_note(complaint: Complaint, text: str) -> None:
    db.session.add(ComplaintNote(complaint_id=complaint.id, staff_id=actor_id(), text=text))
    db.session.flush()


def _record(action: str, complaint: Complaint, **facts: str) -> None:
    record_audit(action, screen="staff.complaint", subject_type="complaint", subject_id=complaint.id, facts=dict(facts))
