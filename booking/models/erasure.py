"""What was erased, so that a copy for emergencies that is put back forgets it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, UtcDateTime


class Erasure(Base):
    """One erasure, by keyed hashes alone: of the family's random key, and of its e-mail's hash.

    Both are hashes of their own kind, so that nothing else in the database equals them.
    """

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    family_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
