"""Work on the files of past attendance that were given on the page, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import current_app

from booking import clock
from booking.extensions import let_go, transaction
from booking.formats.attendance_input import read_attendance
from booking.jobs.error_place import kind_and_place
from booking.jobs.progress import Stopped, Teller, import_of
from booking.queries.attendance_imports import work_waits
from booking.queries.installation import our_locality
from booking.rules.import_states import ImportState
from booking.services.import_attendance import import_attendance, plan_import
from booking.services.work_on_import import Claimed, claim_import, content_of, give_back, note_look, write_import

log = logging.getLogger(__name__)
READ, WRITTEN = "read", "written"
_SAY_EVERY = 0.5
"""Seconds, after which it is said how far it is."""


def bring_in_files(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Look at, or bring in, all files that wait; return how many were finished.

    A look only reads, so that on SQLite, which has one writer, families book meanwhile.
    """
    done = 0
    while not is_stopping() and (file := _claim()) is not None:
        done += _work_on(file, is_stopping)
    return done


def _claim() -> Claimed | None:
    if not work_waits():  # most often: nobody need wait for the one writer to hear it
        let_go()
        return None
    with transaction():
        return claim_import()


def _work_on(file: Claimed, is_stopping: Callable[[], bool]) -> bool:
    """Do it. An error is logged, and the file is taken again when its lease is over: it may have been a passing one."""
    try:
        return _do(file, is_stopping)
    except Stopped:
        with transaction():
            give_back(file)
    except Exception as error:
        log.error("a file of past attendance failed (%s): %s", file.state.value, kind_and_place(error))
    finally:
        let_go()
        current_app.extensions["jobs"].forget_progress(import_of(file.id))
    return False


def _do(file: Claimed, is_stopping: Callable[[], bool]) -> bool:
    content = content_of(file)
    let_go()
    if content is None:
        return False
    area = our_locality()
    progress = Teller(import_of(file.id), every=_SAY_EVERY, is_stopping=is_stopping)
    reading = read_attendance(content, locality=area, now=clock.now(), step=progress.of(READ, content.count(b"\n")))
    if file.state == ImportState.LOOK:
        found = import_attendance(reading, locality=area, dry_run=True)
        with transaction():
            return note_look(file, found)
    plan = plan_import(reading, locality=area, to_write=not reading.problems)
    with transaction():
        return write_import(file, reading, plan=plan, locality=area, step=progress.of(WRITTEN, plan.count_rows))
