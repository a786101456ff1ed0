"""PACT's people, their roles, and the record of what they did and saw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, event, false, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Created, SealedJson, UtcDateTime

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
    """A member of staff, most often a volunteer. Who left stays, not active, so that history has a name.

    Most columns are those that Flask-Security reads. `all_sessions`: every session counts as theirs, not only those
    they organise or have a `Duty` at. `tf_last_counter` is the last half minute whose code was used.
    """

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
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(TextList()))
    all_sessions: Mapped[bool] = mapped_column(default=False, server_default=false())

    roles: Mapped[list[Role]] = relationship(secondary=staff_role)  # type: ignore[assignment]


class Duty(Base):
    """A session somebody helps with: for an organiser it is one of their own, at the door it is theirs that day."""

    __tablename__ = "duty"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, index=True)


class SignIn(Created, Base):
    """One browser in which somebody is signed in; the row goes when it ends. `browser` is a few words, no address."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(60), default="")


class HeldForm(Created, Base):
    """What a member of staff had typed when their sign-in ended, sealed, for a day. Only they can open it."""

    __tablename__ = "held_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    path: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(SealedJson("held_form.fields"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


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


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _stays_as_written(_mapper: Any, _connection: Any, _entry: AuditEntry) -> None:
    """Refuse to change the record. Only the sweep of what is too old deletes, and it does not load what it deletes."""
    raise RuntimeError("An audit entry is never changed.")
