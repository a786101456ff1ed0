"""The runs of the sweep, as the audit keeps them: when, and how many of each kind. Counts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry

SWEPT = "swept old data"
LATE_AFTER = timedelta(hours=36)
"""A night left out, and the morning after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. `counts` are of what there was anything of."""

    at: datetime
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """How many rows it swept."""
        return sum(self.counts.values())


def last_runs(*, most: int = 14) -> Sequence[Run]:
    """Return the latest runs, the last one first."""
    statement = select(AuditEntry.at, AuditEntry.facts).where(AuditEntry.action == SWEPT)
    rows = db.session.execute(statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most))
    return [Run(at=row.at, counts={kept: number for kept, number in row.facts.items() if number}) for row in rows]


def is_late(runs: Sequence[Run]) -> bool:
    """Return whether a night has been left out; not while there has been none at all."""
    return bool(runs) and clock.now() - runs[0].at > LATE_AFTER


def is_swept(today: date) -> bool:
    """Return whether a run of this day is in the audit."""
    statement = select(AuditEntry.id).where(AuditEntry.action == SWEPT, AuditEntry.at >= clock.start_of_day(today))
    return db.session.scalar(statement.limit(1)) is not None
