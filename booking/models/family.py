"""Families, their adults, what they asked us to remember, and what they agreed to."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.rules.words import ConsentSubject, PersonKind


class Family(Created, Base):
    """One household with one contact. `key` is random: figures know a family by it and by nothing else.

    Contact details stand on each booking, sealed; here are only the keyed hashes that find the family again.
    """

    __tablename__ = "family"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    import_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    merge_question: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[int] = mapped_column(default=0, server_default="0")
    calendar_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)

    adults: Mapped[list[Adult]] = relationship(back_populates="family", order_by="Adult.id")
    remembered: Mapped[list[RememberedNeed]] = relationship(cascade="all, delete-orphan")


class Adult(Base):
    """A grown-up of a family; the name is sealed and may be missing."""

    __tablename__ = "adult"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    name: Mapped[str | None] = mapped_column(SealedText("adult.name"))
    kind: Mapped[PersonKind] = mapped_column(Coded(PersonKind), default=PersonKind.PARENT_CARER)
    import_hash: Mapped[str | None] = mapped_column(String(64), index=True)

    family: Mapped[Family] = relationship(back_populates="adults")


class RememberedNeed(Created, Base):
    """A need the family asked us to remember; the code is sealed too.

    `root_id` is the booking whose page, and the pages of bookings begun from it, show what is remembered: somebody
    who types a family's address without having its link sees nothing, and overwrites nothing.
    """

    __tablename__ = "remembered_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    code: Mapped[str] = mapped_column(SealedText("remembered_need.code"))
    detail: Mapped[str | None] = mapped_column(SealedText("remembered_need.detail"))
    ask_again_on: Mapped[date]


class Consent(Base):
    """One yes or no of a family. Rows are only ever added."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    subject: Mapped[ConsentSubject] = mapped_column(Coded(ConsentSubject))
    given: Mapped[bool]
    wording_version: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
