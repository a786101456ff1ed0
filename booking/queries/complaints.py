"""Complaints as the privacy lead sees them: what is open first, the most pressing on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Complaint, ComplaintNote
from booking.rules.complaints import SOON, days_left

MOST_CLOSED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a complaint stands against its thirty days."""

    left: int
    is_open: bool

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed without an answer."""
        return self.is_open and self.left < 0

    @property
    def is_soon(self) -> bool:
        """Whether its last day is near."""
        return self.is_open and 0 <= self.left <= SOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many are open, and how many of these are late or not confirmed yet."""

    open: int
    late: int
    unconfirmed: int


def clock_of(complaint: Complaint) -> Clock:
    """Return how it stands today."""
    return Clock(left=days_left(complaint.answer_by, today=clock.today()), is_open=complaint.answered_at is None)


def open_complaints() -> Sequence[Complaint]:
    """Return those without an answer, the earliest last day first."""
    statement = select(Complaint).where(Complaint.answered_at.is_(None))
    return db.session.scalars(statement.order_by(Complaint.answer_by, Complaint.id)).all()


def answered_complaints() -> Sequence[Complaint]:
    """Return the latest that were answered."""
    statement = select(Complaint).where(Complaint.answered_at.is_not(None))
    return db.session.scalars(statement.order_by(Complaint.answered_at.desc()).limit(MOST_CLOSED)).all()


def count_complaints() -> Counted:
    """Count what is open."""
    is_open = Complaint.answered_at.is_(None)
    row = db.session.execute(
        select(
            func.count(Complaint.id),
            func.count(Complaint.id).filter(Complaint.answer_by < clock.today()),
            func.count(Complaint.id).filter(Complaint.acknowledged_at.is_(None)),
        ).where(is_open)
    ).one()
    return Counted(open=row[0], late=row[1], unconfirmed=row[2])


def get_complaint(complaint_id: int) -> Complaint:
    """Return one with its notes. Raise NotFound."""
    statement = select(Complaint).where(Complaint.id == complaint_id)
    found = db.session.scalar(statement.options(selectinload(Complaint.notes).joinedload(ComplaintNote.staff)))
    if found is None:
        raise NotFound("There is no such complaint.")
    return found


def complaints_of(email_hash: str) -> Sequence[Complaint]:
    """Return what somebody complained about from this address."""
    statement = select(Complaint).where(Complaint.email_hash == email_hash)
    return db.session.scalars(statement.order_by(Complaint.id)).all()
