"""Phones that run a door without a signal, and everything that was decided at a door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedJson, SealedText, UtcDateTime
from booking.models.event import Event
from booking.models.staff import Staff
from booking.rules.words import HeldReason, TapState


class DoorDevice(Created, Base):
    """A phone that may run the door of one session on its day. `number` is its name there: "phone 2".

    `link_digest` belongs to the link it is opened with, and goes when that is used. With the secret of `send_digest`
    it may only send what it recorded, and needs no PIN for that; with that of `read_digest`, which lies sealed on the
    phone, it may fetch the list. `private_key` opens what the phone sealed for us. `leads`: whoever holds it may go
    past the fire limit. `clock_off_s` is how many seconds the phone's clock was ahead of ours when we last heard.
    """

    __tablename__ = "door_device"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    leads: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    send_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    read_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    private_key: Mapped[str | None] = mapped_column(SealedText("door_device.private_key"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    clock_off_s: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    event: Mapped[Event] = relationship()
    maker: Mapped[Staff | None] = relationship(foreign_keys=[made_by])


class DoorEvent(Base):
    """One decision at a door: a tap on a phone, a button of the register, a line typed in from paper. Only added.

    `subject` is what was decided about (`place:12`), `value` what (codes and numbers). The latest one of a subject
    by `at` counts. `at` is by our clock: for a phone its own clock, put right. `via` says how it was told: "phone 2",
    "paper", or nothing for the register's own buttons. `seq` counts a phone's taps, so that a gap shows. What cannot
    count by itself is held for a person; `words` are names, or what nobody could read, sealed until it is decided.
    """

    __tablename__ = "door_event"
    __table_args__ = (
        UniqueConstraint("event_id", "tap"),
        Index("ix_door_event_event_id_subject", "event_id", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("door_device.id", ondelete="SET NULL"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    via: Mapped[str] = mapped_column(String(20), default="", server_default="")
    tap: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(default=0, server_default="0")
    subject: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    words: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("door_event.words"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[TapState] = mapped_column(Coded(TapState), default=TapState.COUNTS)
    held_for: Mapped[HeldReason | None] = mapped_column(Coded(HeldReason))

    device: Mapped[DoorDevice | None] = relationship()
