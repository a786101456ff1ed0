"""What a worker does with a file of past attendance: take it, say what was found, bring it in, or give it back.

Whoever was ended in the middle has written nothing, and the file is taken again when its lease is over.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from booking import clock
from booking.extensions import db
from booking.formats.attendance_input import Reading, Step
from booking.locality.kinds import Locality
from booking.models import AttendanceImport
from booking.queries.attendance_imports import is_to_do
from booking.rules.import_states import LEASE, MOST_TRIES, ImportState
from booking.services.import_attendance import Imported, Plan, import_attendance, import_summary

MOST_KEPT = 200
"""Problems: who mends these will find the rest mended, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file that this worker alone works on, until its lease is over."""

    id: int
    staff_id: int
    state: ImportState
    leased_until: datetime


def claim_import() -> Claimed | None:
    """Take the oldest file that waits, if there is one. One that was begun too often has failed and is let go."""
    rows = db.session.scalars(
        select(AttendanceImport)
        .where(is_to_do())
        .order_by(AttendanceImport.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        if row.tries < MOST_TRIES:
            row.tries += 1
            row.leased_until = until = clock.now() + LEASE
            db.session.flush()
            return Claimed(id=row.id, staff_id=row.staff_id, state=row.state, leased_until=until)
        row.state, row.content, row.leased_until = ImportState.FAILED, None, None
    db.session.flush()
    return None


def content_of(claimed: Claimed) -> bytes | None:
    """Return the file, unpacked; None when it was deleted meanwhile."""
    packed = db.session.scalar(select(AttendanceImport.content).where(AttendanceImport.id == claimed.id))
    return zlib.decompress(packed) if packed is not None else None


def note_look(claimed: Claimed, done: Imported) -> bool:
    """Keep what was found in a file; it stays as long as it can be brought in. False when it is not ours any more."""
    row = _ours(claimed)
    if row is not None:
        _note(row, ImportState.LOOKED, done)
    return row is not None


def write_import(claimed: Claimed, reading: Reading, *, plan: Plan, locality: Locality, step: Step) -> bool:
    """Bring a file in and let it go, in one transaction. False when it is not ours any more: nothing is written."""
    row = _ours(claimed)
    if row is None:
        return False
    done = import_attendance(
        reading,
        plan=plan,
        locality=locality,
        screen="staff.import_attendance",
        step=step,
        for_staff=claimed.staff_id,
    )
    _note(row, ImportState.WRITTEN if done.is_written else ImportState.LOOKED, done)
    return True


def give_back(claimed: Claimed) -> None:
    """Let another worker take it at once, as if this one had not."""
    mine = _is_ours(claimed)
    db.session.execute(
        update(AttendanceImport).where(*mine).values(leased_until=None, tries=AttendanceImport.tries - 1)
    )


def _ours(claimed: Claimed) -> AttendanceImport | None:
    """Lock the row, unless it was deleted or another worker has it now."""
    return db.session.scalar(
        select(AttendanceImport).where(*_is_ours(claimed)).with_for_update().execution_options(populate_existing=True)
    )


def _is_ours(claimed: Claimed) -> tuple[Any, ...]:
    return (
        AttendanceImport.id == claimed.id,
        AttendanceImport.state == claimed.state,
        AttendanceImport.leased_until == claimed.leased_until,
    )


def _note(row: AttendanceImport, state: ImportState, done: Imported) -> None:
    row.state, row.leased_until, row.tries = state, None, 0
    row.found = {
        "name": row.found["name"],
        "summary": import_summary(done),
        "places": done.places,
        "notes": list(done.notes),
        "problems": [list(problem) for problem in done.problems[:MOST_KEPT]],
        "all_problems": len(done.problems),
    }
    if state == ImportState.WRITTEN or done.problems or not done.places:
        row.content = None
    db.session.flush()
