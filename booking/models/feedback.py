"""What somebody says of a session, before it and after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.booking import Booking
from booking.models.event import Event
from booking.rules.feedback import ANSWERS
from booking.rules.words import FeedbackMethod, FeedbackOrigin


class Feedback(Created, Base):
    """One person's answers: 1 (strongly disagree) to 5 (strongly agree), 0 (does not apply), NULL (not answered).

    What begins with `before_` was true before the session, by whatever `method` it was asked. Until `answered_at`
    there is no more than that. `booking_id` and `link_digest` pair the two and go 60 days after the session: then it
    is nobody's. `quote` is what an editor made of the words for everybody to read, where `may_quote` allows it.
    `sent_once` is the mark of the page it was sent from, so that sending it twice is once.
    """

    __tablename__ = "feedback"
    __table_args__ = tuple(CheckConstraint(f"{name} BETWEEN 0 AND 5", name=f"{name}_on_the_scale") for name in ANSWERS)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="SET NULL"), unique=True)
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    sent_once: Mapped[str | None] = mapped_column(String(64), unique=True)
    origin: Mapped[FeedbackOrigin] = mapped_column(Coded(FeedbackOrigin))
    method: Mapped[FeedbackMethod] = mapped_column(Coded(FeedbackMethod), default=FeedbackMethod.NONE)
    before_confident: Mapped[int | None]
    before_know_where: Mapped[int | None]
    confident: Mapped[int | None]
    know_where: Mapped[int | None]
    listened: Mapped[int | None]
    understood: Mapped[int | None]
    what_next: Mapped[int | None]
    had_what_needed: Mapped[int | None]
    again: Mapped[int | None]
    change: Mapped[str | None] = mapped_column(SealedText("feedback.change"))
    may_quote: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    quote: Mapped[str | None] = mapped_column(Text)
    quoted_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    quoted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    event: Mapped[Event] = relationship()
    booking: Mapped[Booking | None] = relationship()
