"""What we heard at a session: written by staff, looked at once more, then shown and told to the families who came.

The note, its files and its buttons are one form, so that no button loses what was typed beside it.
"""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.formats.plain_blocks import plain_blocks
from booking.formats.shared_file import MOST_BYTES, check_shared_file, size_words
from booking.queries.heard import families_without_email, files_with, get_file, heard_at
from booking.queries.staff_sessions import get_session, state_of
from booking.rules.heard import LONGEST, LONGEST_REASON, MOST_FILES, due_on, refuse_note
from booking.services.share_file import share_file, take_back_file
from booking.services.write_heard import say_nothing_heard, write_heard
from booking.web.shared.downloads import send_shared
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.staff.blueprint import staff

SCREEN = "staff.what_we_heard"


class HeardForm(HouseForm):
    """The note, a file to go with it, and why there is none."""

    text = TextAreaField(
        _l("What did you hear?"),
        description=_l(
            "Please do not name anybody, nor write anything by which somebody would know a family. Keep it short. "
            "Begin a line with a dash for a list. An address that begins with https:// becomes a link."
        ),
        validators=[AtMost(LONGEST)],
    )
    file = FileField(
        _l("Slides, or another file (optional)"),
        description=_l("PDF, PPTX, DOCX or TXT, of 5 MB or less. Look first whether it names anybody."),
    )
    again = BooleanField(_l("Write to them again: they should know of this change"))
    nothing_because = TextAreaField(_l("Why is there nothing to share?"), validators=[AtMost(LONGEST_REASON)])


@staff.route("/sessions/<int:event_id>/what-we-heard", methods=["GET", "POST"])
def what_we_heard(event_id: int) -> ResponseReturnValue:
    """Write the note, see it as families will, then show it to them."""
    get_session(event_id)
    form, status, pressed = HeardForm(data=_shown(event_id)), 0, request.form.get("do", "")
    if form.validate_on_submit():
        try:
            sentence = _do(event_id, form, pressed)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(sentence)
            if pressed in ("show", "nothing"):
                return redirect(url_for(SCREEN, event_id=event_id), 303)
    event, is_looked_at = get_session(event_id), form.is_submitted() and pressed in ("", "preview")
    page = render_template(
        "staff/what_we_heard.html",
        event=event,
        form=form,
        note=heard_at(event_id),
        files=files_with(event_id),
        most_files=MOST_FILES,
        size_words=size_words,
        preview=plain_blocks(form.text.data or "") if is_looked_at and not form.errors else (),
        is_over=state_of(event, now=clock.now()) == "held",
        due_on=due_on(event.ends_at),
        to_ring=families_without_email(event_id),
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)


@staff.get("/sessions/<int:event_id>/what-we-heard/<int:file_id>")
def heard_file(event_id: int, file_id: int) -> Response:
    """Give a file to staff as families get it."""
    return send_shared(get_file(file_id, event_id=event_id))


def _do(event_id: int, form: HeardForm, pressed: str) -> str:
    """Do what a button says, and keep a file that was chosen first; return what to say. Raise Refusal."""
    upload = form.file.data
    content = upload.stream.read(MOST_BYTES + 1) if upload else b""
    shared = check_shared_file(content, upload.filename or "") if upload else None
    if pressed == "file" and shared is None:
        raise Refusal("Choose a file.", field="file")
    with transaction():
        if shared is not None:
            share_file(event_id, shared, content)
        if pressed == "show":
            write_heard(event_id, form.text.data or "", again=bool(form.again.data))
            return _("Saved. Families who came read it on their booking page.")
        if pressed == "nothing":
            say_nothing_heard(event_id, form.nothing_because.data or "")
            return _("Saved. Nobody is reminded of it any more.")
        if pressed.startswith("remove-"):
            take_back_file(_number(pressed.removeprefix("remove-")), event_id=event_id)
            return _("The file is removed. What you write below is not saved yet.")
    if pressed == "file":
        return _("The file is added. What you write below is not saved yet.")
    refuse_note(form.text.data or "")
    return _("This is how families will read it. It is not saved yet.")


def _shown(event_id: int) -> dict[str, str]:
    note = heard_at(event_id)
    return {"text": note.text or "", "nothing_because": note.nothing_because or ""} if note else {}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
