"""An attendance list that somebody asked for: one link, which works once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created, UtcDateTime


class AttendanceList(Created, Base):
    """Who asked for which list, and why; nobody who is on it. `created_at` is when it was asked for.

    `scope` says which sessions (`first`, `last`, and `venue_id`, `district`, `kinds` if they were chosen), `columns`
    what is shown of whoever was there. The list itself is read when it is fetched (`used_at`), and never kept.
    """

    __tablename__ = "attendance_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    scope: Mapped[dict[str, Any]] = mapped_column(JSON)
    columns: Mapped[list[str]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
