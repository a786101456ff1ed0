"""What somebody looked for and did not find: unmet demand (M25)."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Coded, Created, SealedText
from booking.rules.words import EventKind, WishReason


class Wish(Created, Base):
    """One wish, of nobody we know: no contact, no family. What was written in own words is sealed."""

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[WishReason] = mapped_column(Coded(WishReason))
    outcode: Mapped[str] = mapped_column(String(4), default="")
    district: Mapped[str] = mapped_column(String(40), default="unknown", index=True)
    kind: Mapped[EventKind | None] = mapped_column(Coded(EventKind))
    time_band: Mapped[str] = mapped_column(String(24), default="")
    text: Mapped[str | None] = mapped_column(SealedText("wish.text"))
