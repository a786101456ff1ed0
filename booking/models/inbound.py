"""Mail that reached our mailbox: answers of calendars, mails that came back, and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.models.booking import Booking
from booking.models.message import Message
from booking.rules.words import InboundKind

_UNSIGNED = BigInteger().with_variant(Integer(), "sqlite")
"""IMAP's numbers go up to 2**32 - 1 (RFC 9051 2.3.1.1); SQLite's integer holds that, PostgreSQL's does not."""


class Inbound(Created, Base):
    """One mail, taken once: by its place in the mailbox and by a keyed hash of its Message-ID.

    `verdict` is the code of what was made of it (`rules/replies.py`); `facts` holds codes and times only, never an
    address or words. What a person wrote is sealed and shown beside the booking until somebody has `seen` it.
    """

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("folder_version", "folder_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_version: Mapped[int | None] = mapped_column(_UNSIGNED)
    folder_number: Mapped[int | None] = mapped_column(_UNSIGNED)
    message_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[InboundKind] = mapped_column(Coded(InboundKind))
    verdict: Mapped[str] = mapped_column(String(40), default="")
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    sender: Mapped[str | None] = mapped_column(SealedText("inbound.sender"))
    subject: Mapped[str | None] = mapped_column(SealedText("inbound.subject"))
    text: Mapped[str | None] = mapped_column(SealedText("inbound.text"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

    booking: Mapped[Booking | None] = relationship()
    message: Mapped[Message | None] = relationship()
