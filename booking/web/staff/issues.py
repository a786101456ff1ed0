"""What families raised at a session: write it down, correct it, take it back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.models import Issue
from booking.queries.issues import get_issue, issues_at
from booking.queries.staff_sessions import get_session
from booking.rules.issues import LONGEST, MOST_FAMILIES, Raised
from booking.services.change_need_state import has_begun
from booking.services.keep_issue import change_issue, raise_issue, take_back_issue
from booking.services.record_audit import record_view
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.number_field import NumberField
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff


class IssueForm(HouseForm):
    """The text, and what it is about as far as somebody knows."""

    text = TextAreaField(
        _l("What did families raise, in their own words?"),
        description=_l("Please do not write names, nor anything by which somebody would know a family."),
        validators=[Needed("Write down what families raised."), AtMost(LONGEST)],
    )
    families = NumberField(_l("How many families raised it? (optional)"), least=1, most=MOST_FAMILIES)
    theme = SelectField(_l("Theme (optional)"), validate_choice=False)
    workstream = SelectField(_l("Workstream (optional)"), validate_choice=False)
    weakness = SelectField(_l("Weakness it is about (optional)"), validate_choice=False)

    @classmethod
    def of(cls, issue: Issue | None = None) -> IssueForm:
        """Return the form, with what was written before."""
        form, area = cls(data=_shown(issue) if issue else None), locality()
        form.theme.choices = [("", _("Not chosen")), *((each.code, _(each.label)) for each in area.topics)]
        form.workstream.choices = _numbered(area.workstreams)
        form.weakness.choices = _numbered(area.weaknesses)
        return form

    @property
    def raised(self) -> Raised:
        """What was written, once the form is valid."""
        return Raised(
            text=self.text.data or "",
            theme=self.theme.data or "",
            workstream=_number(self.workstream.data),
            weakness=_number(self.weakness.data),
            families=self.families.data,
        )


@staff.route("/sessions/<int:event_id>/issues", methods=["GET", "POST"])
def session_issues(event_id: int) -> ResponseReturnValue:
    """List what was raised, and write down one thing after the other."""
    get_session(event_id)
    form, status = IssueForm.of(), 0
    if form.validate_on_submit():
        try:
            with transaction():
                raise_issue(event_id, form.raised, locality=locality())
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(_("Saved. You can write down the next one."))
            return redirect(url_for("staff.session_issues", event_id=event_id), 303)
    _look(event_id)
    event, area = get_session(event_id), locality()
    page = render_template(
        "staff/issues.html",
        event=event,
        form=form,
        issues=issues_at(event_id),
        themes={each.code: each.label for each in area.topics},
        workstreams={each.number: each.name for each in area.workstreams},
        weaknesses={each.number: each.name for each in area.weaknesses},
        has_begun=has_begun(event),
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)


@staff.route("/sessions/<int:event_id>/issues/<int:issue_id>", methods=["GET", "POST"])
def edit_issue(event_id: int, issue_id: int) -> ResponseReturnValue:
    """Correct one."""
    form, status = IssueForm.of(get_issue(issue_id, event_id=event_id)), 0
    if form.validate_on_submit():
        try:
            with transaction():
                change_issue(issue_id, form.raised, event_id=event_id, locality=locality())
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(_("Saved."))
            return redirect(url_for("staff.session_issues", event_id=event_id), 303)
    _look(event_id)
    page = render_template(
        "staff/issue.html",
        event=get_session(event_id),
        issue_id=issue_id,
        form=form,
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)


@staff.post("/sessions/<int:event_id>/issues/<int:issue_id>/take-back")
def remove_issue(event_id: int, issue_id: int) -> ResponseReturnValue:
    """Take back one that was written down by mistake."""
    with transaction():
        take_back_issue(issue_id, event_id=event_id)
    flash(_("Taken back. It is deleted."))
    return redirect(url_for("staff.session_issues", event_id=event_id), 303)


def _look(event_id: int) -> None:
    with transaction():
        record_view(screen="staff.session_issues", subject_type="event", subject_id=event_id)


def _shown(issue: Issue) -> dict[str, Any]:
    return {
        "text": issue.text or "",
        "families": issue.families,
        "theme": issue.theme,
        "workstream": str(issue.workstream or ""),
        "weakness": str(issue.weakness or ""),
    }


def _numbered(parts: Any) -> list[tuple[str, str]]:
    return [("", _("Not chosen")), *((str(each.number), f"{each.number}. {_(each.name)}") for each in parts)]


def _number(text: str | None) -> int | None:
    """Read a choice; what was never offered becomes 0, which the rule refuses with a sentence."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
