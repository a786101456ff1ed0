"""PACT's people, their roles, and the record of what they did and saw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Created, UtcDateTime

staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("staff_id", Integer, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Integer, ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


_IS_A_CLASH = text("action = 'double booking allowed'")
"""Asked whenever a session is published; the entries of all other deeds and views are many."""


class TextList(AsaList):
    """Flask-Security's list in one text column, told to be safe in SQLAlchemy's cache of statements."""

    cache_ok = True


class Role(RoleMixin, Base):
    """A role; its name is a `rules.words.StaffRole`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200), default="")
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(TextList()))


class Staff(Created, UserMixin, Base):
    """A member of staff, most often a volunteer. The columns are those that Flask-Security reads."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(64))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(TextList()))

    roles: Mapped[list[Role]] = relationship(secondary=staff_role)  # type: ignore[assignment]


class AuditEntry(Base):
    """Who did or saw what, on which screen, when. Only ever added; `facts` holds nothing personal."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_clash", "subject_id", sqlite_where=_IS_A_CLASH, postgresql_where=_IS_A_CLASH),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(40))
    screen: Mapped[str] = mapped_column(String(80), default="")
    subject_type: Mapped[str] = mapped_column(String(20), default="")
    subject_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
