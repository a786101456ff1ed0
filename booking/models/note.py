"""What staff write down about a booking for one another."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Created, SealedText
from booking.models.booking import Booking
from booking.models.staff import Staff


class Note(Created, Base):
    """One note, by whom and when. Rows are only ever added; the words go when the family's contact goes."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    text: Mapped[str | None] = mapped_column(SealedText("note.text"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    booking: Mapped[Booking] = relationship()
    staff: Mapped[Staff | None] = relationship()
