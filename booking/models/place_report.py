"""What somebody who knows a place says has changed there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Created, SealedText, UtcDateTime
from booking.models.venue import Venue


class PlaceReport(Created, Base):
    """One report, of nobody we know. It is to be looked into until somebody has `seen_at` it."""

    __tablename__ = "place_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(SealedText("place_report.text"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    venue: Mapped[Venue] = relationship()
