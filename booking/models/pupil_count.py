"""What others have published of the area: the numbers that figures are set in proportion to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created


class PupilCount(Created, Base):
    """How many pupils with SEN go to school in a district, in the school year that ends in `year`."""

    __tablename__ = "pupil_count"
    __table_args__ = (
        UniqueConstraint("district", "year"),
        CheckConstraint("sen_support >= 0", name="sen_support_not_negative"),
        CheckConstraint("ehcp >= 0", name="ehcp_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    sen_support: Mapped[int]
    ehcp: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    published_on: Mapped[date]
