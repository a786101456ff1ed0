"""How many pupils with SEN each district has, from the newest source that was out in a period."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from booking.extensions import db
from booking.models import PupilCount
from booking.rules.calendar_periods import Period
from booking.rules.engagement.facts import Pupils


def pupils(period: Period) -> Iterator[Pupils]:
    """Read the newest counts of each district that were published by the end of a period."""
    newest: dict[str, PupilCount] = {}
    statement = (
        select(PupilCount)
        .where(PupilCount.published_on <= period.end)
        .order_by(PupilCount.year, PupilCount.published_on, PupilCount.id)
    )
    for row in db.session.scalars(statement):
        newest[row.district] = row
    for row in newest.values():
        yield Pupils(
            district=row.district,
            year=row.year,
            sen_support=row.sen_support,
            ehcp=row.ehcp,
            source=row.source,
            published_on=row.published_on,
        )
