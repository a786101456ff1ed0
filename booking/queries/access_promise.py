"""The access promise in public: read from the quarters of a year that were frozen, as everybody got them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import func, select

from booking.extensions import db
from booking.models import Snapshot
from booking.queries.snapshots import frozen_figures, get_bundle
from booking.rules.access_promise import PublicQuarter
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.metric import Cell
from booking.rules.frozen_figures import read


def published_years() -> list[str]:
    """Return the codes of the financial years of which a quarter was frozen, "2026-27", the latest first."""
    codes = db.session.scalars(select(Snapshot.period).distinct()).all()
    return sorted({code.partition("-Q")[0] for code in codes}, reverse=True)


def published_quarters(year: str) -> list[PublicQuarter]:
    """Return the quarters of a financial year as their latest version shows them to everybody, in order."""
    return [_quarter(snapshot) for snapshot in _latest(year)]


def _latest(year: str) -> Sequence[Snapshot]:
    newest = (
        select(Snapshot.period, func.max(Snapshot.version).label("version"))
        .where(Snapshot.period.like(f"{year}-Q%"))
        .group_by(Snapshot.period)
        .subquery()
    )
    statement = select(Snapshot).join(
        newest, (Snapshot.period == newest.c.period) & (Snapshot.version == newest.c.version)
    )
    return db.session.scalars(statement.order_by(Snapshot.period)).all()


def _quarter(snapshot: Snapshot) -> PublicQuarter:
    numbers = read(json.loads(frozen_figures(snapshot))).numbers
    hidden = get_bundle(snapshot, Profile.PUBLIC).hidden["cells"]
    return PublicQuarter(parse_period(snapshot.period), numbers, frozenset(Cell(*cell) for cell in hidden))
