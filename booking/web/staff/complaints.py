"""Complaints about data: what is open and by when, notes, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.words_for import wording
from booking.queries.complaints import answered_complaints, clock_of, get_complaint, open_complaints
from booking.rules.words import ComplaintOutcome
from booking.services import answer_complaint as services
from booking.services.record_audit import record_view
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.blueprint import staff

LONGEST = 2000


class NoteForm(HouseForm):
    """What was done."""

    note = TextAreaField(_l("A note"), [Needed(_l("Write the note.")), AtMost(LONGEST)])


class AnswerForm(HouseForm):
    """What was found, and how they were told."""

    outcome = RadioField(_l("What did you find?"), [Needed(_l("Choose what you found."))], validate_choice=False)
    told = TextAreaField(
        _l("What did you tell them, and how?"),
        [Needed(_l("Write what you told them, and how.")), AtMost(LONGEST)],
        description=_l("The system does not send the answer: write or ring first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(each.value, wording(each)) for each in ComplaintOutcome]

    def validate_outcome(self, field: Any) -> None:
        """Refuse what was not offered."""
        if field.data not in set(ComplaintOutcome):
            raise ValidationError(_("Choose what you found."))


@staff.get("/complaints")
def complaints() -> ResponseReturnValue:
    """List what is open, the most pressing first, and what was answered."""
    with transaction():
        record_view(screen="staff.complaints", subject_type="complaint")
    return render_template(
        "staff/complaints.html", open=open_complaints(), answered=answered_complaints(), clock_of=clock_of
    )


@staff.get("/complaints/<int:complaint_id>")
def complaint(complaint_id: int) -> ResponseReturnValue:
    """Show one complaint and what was done about it."""
    return _show(complaint_id)


@staff.post("/complaints/<int:complaint_id>/note")
def note_complaint(complaint_id: int) -> ResponseReturnValue:
    """Add a note."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _show(complaint_id, note=form)
    with transaction():
        services.note_complaint(complaint_id, form.note.data or "")
    flash(_("The note is saved."))
    return redirect(url_for("staff.complaint", complaint_id=complaint_id), 303)


@staff.post("/complaints/<int:complaint_id>/confirm")
def confirm_complaint(complaint_id: int) -> ResponseReturnValue:
    """Write down that they were told that it is here."""
    with transaction():
        services.confirm_complaint(complaint_id)
    flash(_("Written down: they know that their complaint is here."))
    return redirect(url_for("staff.complaint", complaint_id=complaint_id), 303)


@staff.post("/complaints/<int:complaint_id>/answer")
def answer_complaint(complaint_id: int) -> ResponseReturnValue:
    """Close it."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(complaint_id, answer=form)
    try:
        with transaction():
            services.answer_complaint(complaint_id, ComplaintOutcome(form.outcome.data), text=form.told.data or "")
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal.field, refusal.sentence)
        return _show(complaint_id, answer=form)
    flash(_("The complaint is closed."))
    return redirect(url_for("staff.complaints"), 303)


def _show(complaint_id: int, *, note: NoteForm | None = None, answer: AnswerForm | None = None) -> ResponseReturnValue:
    with transaction():
        found = get_complaint(complaint_id)
        record_view(screen="staff.complaint", subject_type="complaint", subject_id=found.id)
    found = get_complaint(complaint_id)
    wrong = note or answer
    page = render_template(
        "staff/complaint.html",
        complaint=found,
        clock=clock_of(found),
        note=note or NoteForm(formdata=None),
        answer=answer or AnswerForm(formdata=None),
        wrong=wrong,
        has_errors=wrong is not None,
    )
    return page, 422 if wrong is not None else 200
