"""Complaints about how somebody's data is used: whom to answer, by when, and what came of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.staff import Staff
from booking.rules.words import ComplaintOutcome


class Complaint(Created, Base):
    """One complaint. Who it is about need not be said: only how to answer is asked, and all of it is sealed.

    `acknowledged_at` is when they were told that it is here, by mail at once or by somebody who rang. It is open until
    `answered_at`; `answer_by` is the last day for that.
    """

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str | None] = mapped_column(SealedText("complaint.name"))
    email: Mapped[str | None] = mapped_column(SealedText("complaint.email"))
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    phone: Mapped[str | None] = mapped_column(SealedText("complaint.phone"))
    about_booking: Mapped[str | None] = mapped_column(SealedText("complaint.about_booking"))
    text: Mapped[str | None] = mapped_column(SealedText("complaint.text"))
    lang: Mapped[str] = mapped_column(String(12), default="en")
    answer_by: Mapped[date] = mapped_column(index=True)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(Coded(ComplaintOutcome))

    notes: Mapped[list[ComplaintNote]] = relationship(order_by="ComplaintNote.id", cascade="all, delete-orphan")


class ComplaintNote(Created, Base):
    """What was done about it, by whom. Only ever added."""

    __tablename__ = "complaint_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(SealedText("complaint_note.text"))

    staff: Mapped[Staff | None] = relationship()
