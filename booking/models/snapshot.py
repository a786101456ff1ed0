"""A return that is frozen: the figures of a quarter as they were on a day, and the files as they left the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.base import Base, Coded, SealedBytes, SealedJson, UtcDateTime
from booking.models.staff import Staff
from booking.rules.disclosure import Profile


class Snapshot(Base):
    """One version of the return of a quarter. A later one is another row: none is ever changed.

    `figures` are the true counts as canonical JSON, sealed because small ones can point to families; `sha256` is
    theirs, and stays in the house for the same reason. `open_registers` are the sessions whose register was open then,
    as lists of id, title and day. `frozen_role` is what gave the right to it, `reason` why it was made all the same.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("period", "version"), CheckConstraint("version > 0", name="version_counts_up"))

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    figures: Mapped[bytes] = mapped_column(SealedBytes("snapshot.figures"), deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    frozen_role: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    open_registers: Mapped[list[list[Any]]] = mapped_column(JSON)
    app_version: Mapped[str] = mapped_column(String(40))

    frozen_by: Mapped[Staff | None] = relationship()
    bundles: Mapped[list[SnapshotBundle]] = relationship(back_populates="snapshot", order_by="SnapshotBundle.id")


class SnapshotBundle(Base):
    """The zip that one kind of reader gets of a version, to the last byte, and which numbers it hides."""

    __tablename__ = "snapshot_bundle"
    __table_args__ = (UniqueConstraint("snapshot_id", "profile"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    profile: Mapped[Profile] = mapped_column(Coded(Profile))
    name: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(SealedBytes("snapshot_bundle.content"), deferred=True)
    hidden: Mapped[dict[str, Any]] = mapped_column(SealedJson("snapshot_bundle.hidden"), deferred=True)

    snapshot: Mapped[Snapshot] = relationship(back_populates="bundles")


@event.listens_for(Snapshot, "before_update")
@event.listens_for(Snapshot, "before_delete")
@event.listens_for(SnapshotBundle, "before_update")
@event.listens_for(SnapshotBundle, "before_delete")
def _stays_as_frozen(_mapper: Any, _connection: Any, _row: Base) -> None:
    """Refuse to change what is frozen; the database refuses it, too, but for the seals, which keys renew."""
    raise RuntimeError("What is frozen is never changed.")
