"""What staff tell the families who came to a session that they heard there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created, SealedBytes, SealedText, UtcDateTime


class Heard(Created, Base):
    """One note a session, for those who came alone, or why there is none.

    `changed_at` is set once its words were changed; `told_times` is how often families were written to.
    """

    __tablename__ = "heard"
    __table_args__ = (CheckConstraint("(text IS NULL) <> (nothing_because IS NULL)", name="note_or_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str | None] = mapped_column(SealedText("heard.text"))
    nothing_because: Mapped[str | None] = mapped_column(SealedText("heard.nothing_because"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    told_times: Mapped[int] = mapped_column(default=0, server_default="0")


class HeardFile(Created, Base):
    """A file that goes with the note, such as slides. `digest` is the SHA-256 and `size` the number of its bytes.

    `is_tagged` is False for a PDF that a screen reader may not read.
    """

    __tablename__ = "heard_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(SealedText("heard_file.name"))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    is_tagged: Mapped[bool]
    content: Mapped[bytes] = mapped_column(SealedBytes("heard_file.content"), deferred=True)
