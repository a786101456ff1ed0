"""Returns that are frozen, what their files hold, and which quarters wait for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Event, Snapshot, SnapshotBundle
from booking.rules.calendar_periods import Period, freeze_date, period_of, previous_period
from booking.rules.disclosure import Profile
from booking.rules.frozen_figures import sha256
from booking.rules.words import EventStatus

_LOOK_BACK = 4
"""So many quarters may wait: one that nobody froze for a year is not asked for any more."""


class Spoiled(RuntimeError):
    """What is kept is not what was frozen: somebody changed the database by hand, or the disk failed."""


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A session that is over, whose register is not closed."""

    event_id: int
    title: str
    starts_at: datetime


def versions_of(period_code: str) -> list[Snapshot]:
    """Return the versions of a quarter's return, the first one first."""
    statement = (
        select(Snapshot)
        .where(Snapshot.period == period_code)
        .options(selectinload(Snapshot.bundles), joinedload(Snapshot.frozen_by))
        .order_by(Snapshot.version)
    )
    return list(db.session.scalars(statement))


def latest_of(period_code: str) -> Snapshot | None:
    """Return the latest version of a quarter's return, if it was frozen."""
    statement = select(Snapshot).where(Snapshot.period == period_code).order_by(Snapshot.version.desc()).limit(1)
    return db.session.scalar(statement)


def get_version(period_code: str, version: int) -> Snapshot:
    """Return one version. Raise NotFound."""
    statement = select(Snapshot).where(Snapshot.period == period_code, Snapshot.version == version)
    if (found := db.session.scalar(statement)) is None:
        raise NotFound("There is no such version of this return.")
    return found


def frozen_returns() -> list[Snapshot]:
    """Return every version of every return, the latest quarter first."""
    statement = (
        select(Snapshot)
        .options(joinedload(Snapshot.frozen_by))
        .order_by(Snapshot.period.desc(), Snapshot.version.desc())
    )
    return list(db.session.scalars(statement))


def frozen_figures(snapshot: Snapshot) -> bytes:
    """Return the true numbers as they were frozen. Raise Spoiled if they are not any more."""
    return _whole(snapshot.figures, snapshot.sha256)


def get_bundle(snapshot: Snapshot, profile: Profile) -> SnapshotBundle:
    """Return what one kind of reader gets of a version."""
    return db.session.scalars(
        select(SnapshotBundle).where(SnapshotBundle.snapshot_id == snapshot.id, SnapshotBundle.profile == profile)
    ).one()


def frozen_zip(bundle: SnapshotBundle) -> bytes:
    """Return the zip to the last byte. Raise Spoiled if it is not that any more."""
    return _whole(bundle.content, bundle.sha256)


def frozen_file(bundle: SnapshotBundle, name: str) -> bytes:
    """Return one file of a zip. Raise NotFound."""
    with zipfile.ZipFile(io.BytesIO(frozen_zip(bundle))) as archive:
        if name not in archive.namelist():
            raise NotFound("This file is not in the return.")
        return archive.read(name)


def file_names(bundle: SnapshotBundle) -> list[str]:
    """List the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(frozen_zip(bundle))) as archive:
        return archive.namelist()


def open_registers(period: Period) -> list[OpenRegister]:
    """List the sessions of a period that are over and whose register is open, however long."""
    statement = (
        select(Event.id, Event.title, Event.starts_at)
        .where(*_held_in(period), Event.register_closed_at.is_(None), Event.ends_at <= clock.now())
        .order_by(Event.starts_at, Event.id)
    )
    return [OpenRegister(*row) for row in db.session.execute(statement)]


def reopened(period: Period, snapshot: Snapshot) -> list[OpenRegister]:
    """List the sessions whose register is open now, and was not when a version was frozen."""
    known = {row[0] for row in snapshot.open_registers}
    return [each for each in open_registers(period) if each.event_id not in known]


def quarters_to_freeze(locality: Locality) -> Sequence[Period]:
    """Return the quarters whose day has come, that had a session, and that nobody froze; the latest first.

    Of what lies before the first return that was ever frozen nobody is reminded: that was reported in another way.
    """
    today = clock.today()
    quarters = [previous_period(period_of(today))]
    while len(quarters) < _LOOK_BACK:
        quarters.append(previous_period(quarters[-1]))
    first = db.session.scalar(select(func.min(Snapshot.period))) or ""
    due = [each for each in quarters if each.code > first and freeze_date(each, locality.bank_holidays) <= today]
    if not due:
        return []
    waits = [
        and_(exists().where(*_held_in(each)), ~exists().where(Snapshot.period == each.code)).label(f"q{number}")
        for number, each in enumerate(due)
    ]
    row = db.session.execute(select(*waits)).one()
    return [each for each, is_waiting in zip(due, row, strict=True) if is_waiting]


def _held_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Event.status == EventStatus.PUBLISHED,
        Event.new_date_pending.is_(False),
        Event.starts_at >= clock.start_of_day(period.start),
        Event.starts_at < clock.end_of_day(period.end),
    )


def _whole(content: bytes, expected: str) -> bytes:
    if sha256(content) != expected:
        raise Spoiled("A frozen return is not what it was: its SHA-256 differs.")
    return content
