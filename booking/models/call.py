"""Calls that were made to families whom no mail and no text reaches. Who is to be rung follows from the bookings."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText
from booking.models.booking import Booking
from booking.rules.words import CallOutcome, CallReason


class Call(Created, Base):
    """One call about one booking, by whom and how it went. Rows are only ever added."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    reason: Mapped[CallReason] = mapped_column(Coded(CallReason))
    outcome: Mapped[CallOutcome] = mapped_column(Coded(CallOutcome))
    note: Mapped[str | None] = mapped_column(SealedText("call.note"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    booking: Mapped[Booking] = relationship()
