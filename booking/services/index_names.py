"""Give names that were kept before they could be looked up the parts by which they are found."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.models import Adult, NamePart
from booking.models.family import name_buckets

BATCH = 1000


def index_names() -> int:
    """Return how many names were given their parts. A second run finds none but names of one letter."""
    without = select(Adult.id).where(
        Adult.name.is_not(None), ~select(NamePart.adult_id).where(NamePart.adult_id == Adult.id).exists()
    )
    numbers = list(db.session.scalars(without.order_by(Adult.id)))
    done = 0
    for start in range(0, len(numbers), BATCH):
        rows = db.session.execute(select(Adult.id, Adult.name).where(Adult.id.in_(numbers[start : start + BATCH])))
        parts = [NamePart(adult_id=row.id, bucket=each) for row in rows for each in name_buckets(row.name or "")]
        done += len({part.adult_id for part in parts})
        db.session.add_all(parts)
        db.session.flush()
    return done
