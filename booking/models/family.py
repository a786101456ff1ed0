"""Families, their adults and how these are found, what they asked us to remember, and what they agreed to."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from booking.cipher import lookup_hash
from booking.models.base import Base, Coded, Created, SealedText, UtcDateTime
from booking.rules.name_parts import beginnings_of
from booking.rules.words import ConsentSubject, PersonKind


class Family(Created, Base):
    """One household with one contact. `key` is random: figures know a family by it and by nothing else.

    Contact details stand on each booking, sealed; here are only the keyed hashes that find the family again.
    `joined_id` is the record that this one was made one with: it is found by these hashes as well.
    """

    __tablename__ = "family"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    import_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    merge_question: Mapped[bool] = mapped_column(default=False)
    calendar_version: Mapped[int] = mapped_column(default=0, server_default="0")
    calendar_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)

    adults: Mapped[list[Adult]] = relationship(back_populates="family", order_by="Adult.id")
    remembered: Mapped[list[RememberedNeed]] = relationship(cascade="all, delete-orphan")
    joined: Mapped[Family | None] = relationship(remote_side=[id])

    @property
    def itself(self) -> Family:
        """The record that holds this family's bookings."""
        return self.joined or self


class Adult(Base):
    """A grown-up of a family; the name is sealed and may be missing. Its parts follow whenever the name is set."""

    __tablename__ = "adult"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    name: Mapped[str | None] = mapped_column(SealedText("adult.name"))
    kind: Mapped[PersonKind] = mapped_column(Coded(PersonKind), default=PersonKind.PARENT_CARER)
    import_hash: Mapped[str | None] = mapped_column(String(64), index=True)

    family: Mapped[Family] = relationship(back_populates="adults")
    parts: Mapped[list[NamePart]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @validates("name")
    def _keep_parts(self, _key: str, name: str | None) -> str | None:
        wanted = name_buckets(name or "")
        kept = [part for part in self.parts if part.bucket in wanted]
        self.parts = kept + [NamePart(bucket=each) for each in wanted - {part.bucket for part in kept}]
        return name


class NamePart(Base):
    """In which of 256 buckets a word of somebody's name falls by its first letters (ADR 0021)."""

    __tablename__ = "name_part"
    __table_args__ = (Index("ix_name_part_bucket_adult_id", "bucket", "adult_id"),)

    adult_id: Mapped[int] = mapped_column(ForeignKey("adult.id", ondelete="CASCADE"), primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True)


def name_buckets(text: str) -> set[int]:
    """Return the buckets of the words of a name, or of what somebody typed of it."""
    return {int(lookup_hash("name", each)[:2], 16) for each in beginnings_of(text)}


class FamilyJoin(Created, Base):
    """Two records of one family that were made one, and what is needed to take them apart again.

    `moved` holds numbers alone: by table the rows that went over, and by place the adult it had, where both records
    knew the same one.
    """

    __tablename__ = "family_join"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    emptied_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


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
