"""What we heard at a session: written by staff, looked at once more, then shown to the families who came."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.heard import heard_at
from booking.queries.staff_sessions import get_session, state_of
from booking.rules.heard import LONGEST
from booking.services.write_heard import write_heard
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.blueprint import staff


class HeardForm(HouseForm):
    """The note alone."""

    text = TextAreaField(
        _l("What did you hear?"),
        description=_l(
            "Please do not name anybody, nor write anything by which somebody would know a family. "
            "Short paragraphs and lists are easiest to read."
        ),
        validators=[Needed("Write what you heard."), AtMost(LONGEST)],
    )


@staff.route("/sessions/<int:event_id>/what-we-heard", methods=["GET", "POST"])
def what_we_heard(event_id: int) -> ResponseReturnValue:
    """Write the note, see it as families will, then show it to them."""
    event, note = get_session(event_id), heard_at(event_id)
    form, status = HeardForm(data={"text": note.text} if note else None), 0
    is_valid = form.validate_on_submit()
    if is_valid and "show" in request.form:
        try:
            with transaction():
                write_heard(event_id, form.text.data or "")
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(_("Families who came now read it on their booking page."))
            return redirect(url_for("staff.what_we_heard", event_id=event_id), 303)
    page = render_template(
        "staff/what_we_heard.html",
        event=get_session(event_id),
        form=form,
        note=heard_at(event_id),
        preview=(form.text.data or "") if is_valid and not status else "",
        is_over=state_of(event, now=clock.now()) == "held",
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)
