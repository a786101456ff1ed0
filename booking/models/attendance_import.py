"""A file of past attendance that somebody gave on the page: looked at by a worker, then brought in by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Coded, Created, SealedBytes, SealedJson, UtcDateTime
from booking.rules.import_states import ImportState


class AttendanceImport(Created, Base):
    """One file, for a day. `content` is packed and sealed, and goes once nothing more can be done with it.

    `found` is its name and what was found out: a summary, notes, and the first problems, which quote the file. A worker
    has it to itself until `leased_until`, and `tries` counts how often one began; how far it is stands in the jobs'
    database.
    """

    __tablename__ = "attendance_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    state: Mapped[ImportState] = mapped_column(Coded(ImportState), default=ImportState.LOOK)
    content: Mapped[bytes | None] = mapped_column(SealedBytes("attendance_import.content"), deferred=True)
    found: Mapped[dict[str, Any]] = mapped_column(SealedJson("attendance_import.found"))
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
