"""What families looked for and did not find: how often, by district and reason, and in their own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from booking.extensions import db
from booking.models import Wish
from booking.queries.districts import district_today
from booking.rules.words import WishReason


@dataclass(frozen=True, slots=True)
class DistrictWishes:
    """The wishes of one district: how many for each reason."""

    district: str
    by_reason: Mapping[WishReason, int]

    @property
    def total(self) -> int:
        """Count them all."""
        return sum(self.by_reason.values())


def count_wishes(*, since: datetime) -> int:
    """Count the wishes from a moment on."""
    return db.session.scalar(select(func.count(Wish.id)).where(Wish.created_at >= since)) or 0


def wishes_by_district(*, since: datetime) -> list[DistrictWishes]:
    """Count the wishes of each district, the most wished for first."""
    rows = db.session.execute(
        select(Wish.district, Wish.reason, func.count(Wish.id))
        .where(Wish.created_at >= since)
        .group_by(Wish.district, Wish.reason)
    )
    found: dict[str, dict[WishReason, int]] = {}
    for district, reason, number in rows:
        by_reason = found.setdefault(district_today(district), {})
        by_reason[reason] = by_reason.get(reason, 0) + number
    districts = [DistrictWishes(district, by_reason) for district, by_reason in found.items()]
    return sorted(districts, key=lambda each: (-each.total, each.district))


def wishes_in_words(*, since: datetime, limit: int = 100) -> Sequence[Wish]:
    """Give the wishes that say something in own words, the latest first. A look at these is written down."""
    return db.session.scalars(
        select(Wish)
        .where(Wish.created_at >= since, Wish.text.is_not(None))
        .order_by(Wish.created_at.desc(), Wish.id.desc())
        .limit(limit)
    ).all()
