"""Bring past attendance in from a file: a worker looks at it first, then brings in all of it or nothing."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user
from flask_wtf.file import FileField
from werkzeug.exceptions import BadRequest

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import MOST_BYTES
from booking.formats.csv_input import Problem, why_not_csv
from booking.jobs.bring_in import READ
from booking.jobs.progress import Progress, import_of
from booking.models import AttendanceImport
from booking.queries.attendance_imports import get_import, imports_of
from booking.rules.import_states import WORK, ImportState
from booking.services.keep_attendance_import import (
    drop_attendance_import,
    keep_attendance_import,
    let_it_be_written,
)
from booking.web.shared.downloads import send_csv
from booking.web.shared.forms import HouseForm
from booking.web.staff.blueprint import staff

ENDPOINT = "staff.import_attendance"
HEADINGS = {
    ImportState.LOOK: "Looking at your file",
    ImportState.LOOKED: "What we found in your file",
    ImportState.WRITE: "Importing your file",
    ImportState.WRITTEN: "Your file is imported",
    ImportState.FAILED: "Your file could not be worked on",
}
LATE = 120
"""Seconds without a tick, after which it is said that nothing goes on by itself."""


class AttendanceForm(HouseForm):
    """The file to be looked at."""

    file = FileField("Your file", description="A file that ends in .csv, with 30 MB at most.")


@staff.route("/import/attendance", methods=["GET", "POST"], endpoint="import_attendance")
def import_page() -> ResponseReturnValue:
    """Take a file to be looked at, and list those that were given today."""
    form = AttendanceForm()
    content = _content(form) if form.validate_on_submit() else None
    if content is not None:
        with transaction():
            number = keep_attendance_import(content, name=form.file.data.filename, staff_id=current_user.id)
        return _to_work(number)
    page = render_template(
        "staff/import_attendance.html",
        form=form,
        files=imports_of(current_user.id),
        words_of=_in_words,
        columns=COLUMNS,
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200


@staff.get("/import/attendance/template.csv")
def attendance_template() -> ResponseReturnValue:
    """Give the first line of a file of attendance."""
    return send_csv("attendance-template", COLUMNS, [])


@staff.get("/import/attendance/<int:import_id>")
def attendance_import(import_id: int) -> ResponseReturnValue:
    """Say how far a file is, what was found in it, or what it brought in."""
    return _show(get_import(import_id, staff_id=current_user.id))


@staff.post("/import/attendance/<int:import_id>")
def do_attendance_import(import_id: int) -> ResponseReturnValue:
    """Let a file be brought in, or delete it."""
    do = {"import": let_it_be_written, "delete": drop_attendance_import}.get(request.form.get("do", ""))
    if do is None:
        raise BadRequest
    get_import(import_id, staff_id=current_user.id)
    try:
        with transaction():
            do(import_id, staff_id=current_user.id)
    except Refusal as refusal:
        return _show(get_import(import_id, staff_id=current_user.id), problem=refusal.sentence), refusal.status
    if do is let_it_be_written:
        return _to_work(import_id)
    flash("Your file is deleted. Nothing of it was imported.")
    return redirect(url_for(ENDPOINT), 303)


def _to_work(import_id: int) -> ResponseReturnValue:
    current_app.extensions["jobs"].wake_for_file()
    return redirect(url_for("staff.attendance_import", import_id=import_id), 303)


def _content(form: AttendanceForm) -> bytes | None:
    """Return the file that came; None, with a sentence, when there is none or it is no such file at first sight."""
    upload = form.file.data
    if not upload or not upload.filename:
        form.refuse("file", "Choose a file.")
        return None
    content: bytes = upload.stream.read(MOST_BYTES + 1)
    if not content.strip():
        form.refuse("file", "This file is empty.")
    elif len(content) > MOST_BYTES:
        form.refuse("file", "This file is larger than 30 MB. Please split it.")
    elif problem := why_not_csv(content):
        form.refuse("file", problem.sentence)
    else:
        return content
    return None


def _show(file: AttendanceImport, *, problem: str = "") -> str:
    found = file.found
    progress = current_app.extensions["jobs"].progress_of(import_of(file.id)) if file.state in WORK else None
    return render_template(
        "staff/attendance_import.html",
        file=file,
        heading=HEADINGS[file.state],
        is_working=file.state in WORK,
        progress=progress,
        how_far=_how_far(file, progress),
        is_late=file.state in WORK and _is_late(),
        found=found,
        problems=[Problem(*each) for each in found.get("problems", [])],
        may_write=file.state == ImportState.LOOKED and not found.get("all_problems") and bool(found.get("places")),
        problem=problem,
    )


def _how_far(file: AttendanceImport, progress: Progress | None) -> str:
    if progress is None:
        return "It has begun." if file.leased_until else "It waits for its turn."
    deed = "lines are read" if progress.what == READ else "rows are written"
    return f"{progress.done:,} of {progress.total:,} {deed}."


def _in_words(file: AttendanceImport) -> str:
    """Say in a few words how far a file is."""
    problems, number = file.found.get("all_problems", 0), file.found.get("places", 0)
    places = ngettext("%(places)s place", "%(places)s places", number, places=f"{number:,}")
    if file.state == ImportState.LOOKED:
        if problems:
            return ngettext("%(num)d problem", "%(num)d problems", problems)
        return f"{places}, not imported yet" if number else "nothing new in it"
    return {
        ImportState.LOOK: "we look at it",
        ImportState.WRITE: "it is being imported",
        ImportState.WRITTEN: f"{places}, imported",
        ImportState.FAILED: "it could not be worked on",
    }[file.state]


def _is_late() -> bool:
    since = current_app.extensions["jobs"].seconds_since_tick()
    return since is None or since > LATE
