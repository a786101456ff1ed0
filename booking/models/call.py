"""Calls to make: families whom no mail and no text reaches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.booking import Booking
from booking.rules.words import CallOutcome, CallReason


class Call(Created, Base):
    """Somebody should ring this family from `due_at`, and by `not_after` at the latest.

    `dedupe_key` makes it one call for one cause; `tries` counts calls that reached nobody. It is done once it has an
    `outcome` that ends it, with who rang and when.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_done_at_due_at", "done_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    reason: Mapped[CallReason] = mapped_column(Coded(CallReason))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime())
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[CallOutcome | None] = mapped_column(Coded(CallOutcome))
    note: Mapped[str | None] = mapped_column(SealedText("call.note"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    booking: Mapped[Booking] = relationship()
