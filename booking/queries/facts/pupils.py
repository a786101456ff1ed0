"""How many pupils with SEN each district has, from the newest source that was out in a period."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import PupilCount
from booking.rules.calendar_periods import Period
from booking.rules.engagement.facts import Pupils
from booking.rules.engagement.pupils import newest_of_districts


def published(period: Period) -> list[Pupils]:
    """Read the newest counts that were published by the end of a period, under the names they were published."""
    return list({each.district: each for each in _known(period)}.values())


def pupils(period: Period, locality: Locality) -> list[Pupils]:
    """Read the newest counts that were published by the end of a period, for the districts of the locality's day."""
    return newest_of_districts(_known(period), locality)


def _known(period: Period) -> list[Pupils]:
    statement = (
        select(PupilCount)
        .where(PupilCount.published_on <= period.end)
        .order_by(PupilCount.year, PupilCount.published_on, PupilCount.id)
    )
    return [
        Pupils(
            district=row.district,
            year=row.year,
            sen_support=row.sen_support,
            ehcp=row.ehcp,
            source=row.source,
            published_on=row.published_on,
        )
        for row in db.session.scalars(statement)
    ]
