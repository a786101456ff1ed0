"""What staff tell the families who came to a session that they heard there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created, SealedText, UtcDateTime


class Heard(Created, Base):
    """One note a session, for those who came alone; `changed_at` is set once its words were changed."""

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str] = mapped_column(SealedText("heard.text"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
