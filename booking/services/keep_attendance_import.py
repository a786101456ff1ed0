"""Take a file of past attendance to be looked at, let it be brought in, and let it go."""

from __future__ import annotations

import zlib

from sqlalchemy import delete, update

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.models import AttendanceImport
from booking.queries.attendance_imports import get_import
from booking.rules.import_states import KEPT, ImportState
from booking.services.record_audit import record_audit

SCREEN = "staff.import_attendance"
LONGEST_NAME = 80


def keep_attendance_import(content: bytes, *, name: str, staff_id: int) -> int:
    """Keep a file and its name, packed and sealed, for a worker to look at; return its number."""
    kept = AttendanceImport(
        staff_id=staff_id,
        content=zlib.compress(content),
        found={"name": name[:LONGEST_NAME]},
        expires_at=clock.now() + KEPT,
    )
    db.session.add(kept)
    db.session.flush()
    record_audit("attendance file given", screen=SCREEN, facts={"import": kept.id, "bytes": len(content)})
    return kept.id


def let_it_be_written(import_id: int, *, staff_id: int) -> None:
    """Let a worker bring a file in that was looked at. Asked twice, it is once. Raise NotFound, or Conflict."""
    asked = update(AttendanceImport).where(
        AttendanceImport.id == get_import(import_id, staff_id=staff_id).id,
        AttendanceImport.state == ImportState.LOOKED,
        AttendanceImport.content.is_not(None),
    )
    if db.session.execute(asked.values(state=ImportState.WRITE, tries=0, leased_until=None)).rowcount:  # type: ignore[attr-defined]
        record_audit("attendance import asked for", screen=SCREEN, facts={"import": import_id})
    elif get_import(import_id, staff_id=staff_id).state not in (ImportState.WRITE, ImportState.WRITTEN):
        raise Conflict("This file cannot be imported. See what we found in it.")


def drop_attendance_import(import_id: int, *, staff_id: int) -> None:
    """Delete a file, and what was found in it. Raise NotFound, or Conflict while it is brought in."""
    number = get_import(import_id, staff_id=staff_id).id
    idle = AttendanceImport.state != ImportState.WRITE
    if not db.session.execute(delete(AttendanceImport).where(AttendanceImport.id == number, idle)).rowcount:  # type: ignore[attr-defined]
        raise Conflict("This file is being imported. Look again when that is done.")
    record_audit("attendance file deleted", screen=SCREEN, facts={"import": import_id})


def sweep_attendance_imports() -> int:
    """Delete those whose day is over and return how many there were."""
    old = delete(AttendanceImport).where(AttendanceImport.expires_at < clock.now())
    return db.session.execute(old.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
