"""Files of past attendance that were given on the page: one's own, and what a worker has to do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import AttendanceImport
from booking.rules.import_states import WORK

_GONE = "We do not have that file any more: it is kept for a day, for whoever gave it. Choose it again."


def get_import(import_id: int, *, staff_id: int) -> AttendanceImport:
    """Return a file of this person. Raise NotFound after its day, and for anybody else."""
    mine = select(AttendanceImport).where(AttendanceImport.id == import_id, *_of(staff_id))
    if (found := db.session.scalar(mine)) is None:
        raise NotFound(_GONE)
    return found


def imports_of(staff_id: int) -> Sequence[AttendanceImport]:
    """Return the files of somebody, the newest first."""
    return db.session.scalars(select(AttendanceImport).where(*_of(staff_id)).order_by(AttendanceImport.id.desc())).all()


def work_waits() -> bool:
    """Return whether a worker has something to do with a file."""
    return db.session.scalar(select(AttendanceImport.id).where(is_to_do()).limit(1)) is not None


def is_to_do() -> ColumnElement[bool]:
    """Return the condition for what nobody works on."""
    now = clock.now()
    is_free = or_(AttendanceImport.leased_until.is_(None), AttendanceImport.leased_until <= now)
    return and_(AttendanceImport.state.in_(WORK), AttendanceImport.expires_at > now, is_free)


def _of(staff_id: int) -> tuple[ColumnElement[bool], ...]:
    return AttendanceImport.staff_id == staff_id, AttendanceImport.expires_at > clock.now()
