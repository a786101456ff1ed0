"""What a figure is meant to come to, as somebody agreed it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created


class TargetValue(Created, Base):
    """A value agreed on a day for a figure, in all or in one category; a later one takes its place.

    It is kept in whole hundredths, which both databases keep exactly.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("metric", "breakdown", "category", "agreed_on"),
        CheckConstraint("hundredths >= 0", name="hundredths_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(8))
    breakdown: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(40))
    hundredths: Mapped[int]
    agreed_by: Mapped[str] = mapped_column(String(200))
    agreed_on: Mapped[date]
