"""Count the people who said that they may come to an open drop-in. They are no bookings and no places (J4)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from booking.extensions import db
from booking.models import MayCome


def adults_who_may_come(event_ids: Collection[int]) -> dict[int, int]:
    """Return how many adults may come to each of these sessions; those that nobody spoke of are left out."""
    rows = db.session.execute(
        select(MayCome.event_id, func.sum(MayCome.adults))
        .where(MayCome.event_id.in_(event_ids))
        .group_by(MayCome.event_id)
    )
    return {row[0]: int(row[1]) for row in rows}
