"""What families raised at a session, and what came of it: "you said, we did"."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.event import Event
from booking.models.staff import Staff
from booking.rules.words import IssueOutcome


class Issue(Created, Base):
    """One thing, in parents' words, of no family: it is meant to be published, and sealed until somebody finds it fit.

    `theme` is a topic of the locality, `workstream` and `weakness` a number of its plan; each may be open. `families`
    is how many raised it, None when nobody counted. `owner` is who has to answer (`rules/issues.py`); by when follows
    from `raised_at`. `published_text` is what everybody reads while `published_at` is set, `published_by` who found it
    fit. `answered_at` is the first answer, `outcome_at` the one that stands now. `contactable` of the families that
    came could be written or rung to when it was first answered, and `told` of them were written to: None before that.
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
    owner: Mapped[str] = mapped_column(String(40), default="", server_default="")
    published_text: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[IssueOutcome | None] = mapped_column(Coded(IssueOutcome))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    contactable: Mapped[int | None]
    told: Mapped[int | None]

    event: Mapped[Event] = relationship()
    published_by: Mapped[Staff | None] = relationship()
    updates: Mapped[list[IssueUpdate]] = relationship(order_by="IssueUpdate.id", cascade="all, delete-orphan")


class IssueUpdate(Created, Base):
    """How far it is, for everybody to read; with an `outcome`, an answer that a later one took the place of."""

    __tablename__ = "issue_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[IssueOutcome | None] = mapped_column(Coded(IssueOutcome))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime())
