"""The supplier book: who can be asked for an interpreter, a crèche, a print in Braille."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created, SealedText, UtcDateTime


class Supplier(Created, Base):
    """Somebody who does something for us. `codes` are the needs they help with; `notice_days` are working days.

    `contact` is a person's name, telephone or mail: sealed. `rate` is what they ask, in their own words.
    """

    __tablename__ = "supplier"
    __table_args__ = (CheckConstraint("notice_days >= 0", name="notice_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    contact: Mapped[str | None] = mapped_column(SealedText("supplier.contact"))
    rate: Mapped[str] = mapped_column(String(120), default="")
    notice_days: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
