"""The outbox: a message is a row written in the deed's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.cipher import lookup_hash
from booking.models.base import Base, Coded, Created, SealedBytes, SealedJson, SealedText, UtcDateTime
from booking.models.booking import Booking
from booking.models.complaint import Complaint
from booking.models.staff import Staff
from booking.models.subscription import Subscription
from booking.rules.contact import normal_email
from booking.rules.texts import mobile_number
from booking.rules.words import Channel, MessageKind, MessageStatus


class Message(Created, Base):
    """One message to one e-mail address or, as a text, to one phone number (`design.md` rule 3).

    `facts` keeps what a later state cannot tell (the old time and place, the UID and SEQUENCE of a CANCEL).
    `rendered` keeps the bytes from the first attempt until the row is final. `address_hash` orders the rows
    of one booking to one address without opening them. `bounce_code` is the status of RFC 3463 ("5.1.1") that a mail
    came back with; `carrier_id` and `receipt` are a text's id at GOV.UK Notify and what became of it there.
    A message is about a booking, a subscription or a complaint, or to a member of staff.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_status_next_attempt_at", "status", "next_attempt_at"),
        Index("ix_message_booking_id_address_hash", "booking_id", "address_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(Coded(MessageKind))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[Channel] = mapped_column(Coded(Channel), default=Channel.EMAIL, server_default=Channel.EMAIL.value)
    address: Mapped[str | None] = mapped_column(SealedText("message.address"))
    address_hash: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("message.facts"))
    rendered: Mapped[bytes | None] = mapped_column(SealedBytes("message.rendered"))
    status: Mapped[MessageStatus] = mapped_column(Coded(MessageStatus), default=MessageStatus.QUEUED)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime())
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime())
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    lease_id: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    data_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    problem: Mapped[str] = mapped_column(String(200), default="")
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    bounce_code: Mapped[str] = mapped_column(String(12), default="", server_default="")
    carrier_id: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    receipt: Mapped[str] = mapped_column(String(24), default="", server_default="")

    booking: Mapped[Booking | None] = relationship()
    subscription: Mapped[Subscription | None] = relationship()
    staff: Mapped[Staff | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()


def address_hash(channel: Channel, to: str) -> str:
    """Return the keyed hash under which messages to an e-mail address, or to a phone number, are found."""
    if channel == Channel.TEXT:
        return lookup_hash("phone", mobile_number(to) or to)
    return lookup_hash("email", normal_email(to))
