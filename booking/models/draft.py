"""An unfinished booking form, kept sealed for 24 hours so that nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Created, SealedJson, UtcDateTime
from booking.models.event import Event


class Draft(Created, Base):
    """The answers so far. Found by the digest of its token; opened only by the browser that began it."""

    __tablename__ = "draft"
    # An id is never used twice: bookings outlive drafts and remember theirs.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser_digest: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("draft.answers"))
    lang: Mapped[str] = mapped_column(String(12), default="en")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)

    event: Mapped[Event] = relationship()
