"""Bring past attendance in from a file: look first, then all of it or nothing."""

from __future__ import annotations

import base64
import zlib

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.file import FileField
from wtforms import HiddenField

from booking import clock
from booking.extensions import transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import MOST_BYTES, read_attendance
from booking.queries.held_forms import find_held_form
from booking.services.hold_form import hold_form
from booking.services.import_attendance import Imported, import_attendance, import_summary
from booking.web.shared.downloads import send_csv
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

ENDPOINT = "staff.import_attendance"
MOST_SHOWN = 200
"""Problems on one page: who mends these will find the rest mended, too."""


class AttendanceForm(HouseForm):
    """The file; or the word for one that lies here already, and whether it is to be brought in now."""

    file = FileField("Your file", description="A file that ends in .csv, with 30 MB at most.")
    held = HiddenField()
    step = HiddenField()


@staff.route("/import/attendance", methods=["GET", "POST"], endpoint="import_attendance")
def import_page() -> ResponseReturnValue:
    """Look at a file, say every problem, and bring it in once it was looked at."""
    form = AttendanceForm()
    if not form.validate_on_submit():
        return _show(form)
    content = _content(form)
    if content is None:
        return _show(form)
    is_sure = form.step.data == "import" and bool(form.held.data)
    with transaction():
        reading = read_attendance(content, locality=locality(), now=clock.now())
        done = import_attendance(reading, locality=locality(), dry_run=not is_sure, screen=ENDPOINT)
    if done.is_written:
        flash(import_summary(done))
        return redirect(url_for(ENDPOINT), 303)
    held = (form.held.data or _hold(content)) if not done.problems and done.places else ""
    return _show(form, done=done, held=held)


@staff.get("/import/attendance/template.csv")
def attendance_template() -> ResponseReturnValue:
    """Give the first line of a file of attendance."""
    return send_csv("attendance-template", COLUMNS, [])


def _content(form: AttendanceForm) -> bytes | None:
    """Return the file that came, or the one that lies here; None, with a sentence, when there is neither."""
    if form.file.data and form.file.data.filename:
        form.held.data = ""
        content: bytes = form.file.data.stream.read(MOST_BYTES + 1)
        if content and len(content) <= MOST_BYTES:
            return content
        form.refuse("file", "This file is larger than 30 MB. Please split it." if content else "This file is empty.")
        return None
    held = find_held_form(form.held.data, staff_id=current_user.id) if form.held.data else None
    if held is not None and held.path == url_for(ENDPOINT):
        return zlib.decompress(base64.b64decode(held.fields["content"][0]))
    gone = "We do not have that file any more: it is kept for a day. Choose it again."
    form.refuse("file", gone if form.held.data else "Choose a file.")
    form.held.data = ""
    return None


def _hold(content: bytes) -> str:
    """Keep the file, packed and sealed, for this person alone."""
    fields = {"content": [base64.b64encode(zlib.compress(content)).decode()]}
    with transaction():
        return hold_form(current_user.fs_uniquifier, path=url_for(ENDPOINT), fields=fields) or ""


def _show(form: AttendanceForm, *, done: Imported | None = None, held: str = "") -> ResponseReturnValue:
    has_errors = bool(form.errors or (done and done.problems))
    page = render_template(
        "staff/import_attendance.html",
        form=form,
        done=done,
        summary=import_summary(done) if done else "",
        most=MOST_SHOWN,
        held=held,
        columns=COLUMNS,
        has_errors=has_errors,
    )
    return page, 422 if has_errors else 200
