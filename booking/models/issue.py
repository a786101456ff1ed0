"""What families raised at a session: the first half of "you said, we did"."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created, SealedText, UtcDateTime


class Issue(Created, Base):
    """One thing, in parents' words, of no family: it is meant to be published, and sealed until somebody finds it fit.

    `theme` is a topic of the locality, `workstream` and `weakness` a number of its plan; each may be open. `families`
    is how many raised it, None when nobody counted.
    """

    __tablename__ = "issue"
    __table_args__ = (CheckConstraint("families > 0", name="raised_by_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(SealedText("issue.text"))
    theme: Mapped[str] = mapped_column(String(40), default="", server_default="")
    workstream: Mapped[int | None]
    weakness: Mapped[int | None]
    families: Mapped[int | None]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
