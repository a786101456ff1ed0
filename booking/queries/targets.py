"""What figures are meant to come to, as it was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from booking.extensions import db
from booking.models import TargetValue
from booking.rules.targets import Of, Target, in_force


def targets_at(day: date) -> dict[Of, Target]:
    """Give the targets that are in force on a day."""
    return in_force(_all(), day)


def _all() -> Iterator[Target]:
    for row in db.session.scalars(select(TargetValue).order_by(TargetValue.id)):
        yield Target(
            metric=row.metric,
            breakdown=row.breakdown,
            category=row.category,
            value=Decimal(row.hundredths) / 100,
            agreed_by=row.agreed_by,
            agreed_on=row.agreed_on,
        )
