"""How many people stood in the room who are no participants, as somebody counted them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Created
from booking.rules.head_counts import HEADS


class HeadCount(Created, Base):
    """Counted when a register is closed, and apart from each other. None: nobody counted; that is not 0.

    `children` stands for the sum of what families brought, where it was something else. `supporters` and
    `interpreters` came unannounced, beyond those on the register; so did `professionals`.
    """

    __tablename__ = "head_count"
    __table_args__ = tuple(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in HEADS)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    children: Mapped[int | None]
    supporters: Mapped[int | None]
    interpreters: Mapped[int | None]
    professionals: Mapped[int | None]
