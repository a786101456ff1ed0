"""What the demonstration's figures are meant to come to: invented, and they say so."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from booking.extensions import db
from booking.models import TargetValue
from booking.rules.engagement.metric import ALL

AGREED_BY = "nobody (ILLUSTRATIVE, made up)"


class _Agreed(NamedTuple):
    metric: str
    value: int
    breakdown: str = ALL
    category: str = ALL


_TARGETS = (
    _Agreed("M06", 90),
    _Agreed("M06", 6, "D", "dover"),
    _Agreed("M06", 6, "D", "sevenoaks"),
    _Agreed("M15", 80),
    _Agreed("M29", 95),
    _Agreed("M42", 90),
)
"""Families reached, those of the two districts that are missed, who came, promises met, answers in time."""


def make_targets(agreed_on: date) -> None:
    """Write each target as agreed before the demonstration's history begins."""
    for agreed in _TARGETS:
        db.session.add(
            TargetValue(
                metric=agreed.metric,
                breakdown=agreed.breakdown,
                category=agreed.category,
                hundredths=100 * agreed.value,
                agreed_by=AGREED_BY,
                agreed_on=agreed_on,
            )
        )
