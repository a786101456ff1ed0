"""What an editor does with an issue: show it to everybody, say how far it is, say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from booking import clock
from booking.errors import Conflict, NotFound, Refusal
from booking.extensions import transaction
from booking.formats.words_for import wording
from booking.models import Issue
from booking.queries.issues import followed, get_issue
from booking.rules.issues import LONGEST, NOT_PUBLIC, owners
from booking.rules.words import IssueOutcome
from booking.services import follow_issue as services
from booking.services.record_audit import record_view
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.issue_board import issue_words


class PublishForm(HouseForm):
    """What everybody reads, who answers, and that somebody has found it fit."""

    text = TextAreaField(
        _l("What may everybody read?"),
        description=_l("As close to the families’ own words as it can be. Plain words, and no names."),
        validators=[Needed("Write what everybody may read."), AtMost(LONGEST)],
    )
    owner = SelectField(_l("Who has to answer?"), validate_choice=False)
    is_fit = BooleanField(
        _l("I have read it, and it is fit to show"),
        description=_l(
            "It names nobody, and nobody would know a family or a child by it. Your name is kept with this."
        ),
    )

    @classmethod
    def of(cls, issue: Issue) -> PublishForm:
        """Return the form with what is shown, or else with what was raised."""
        form = cls(data={"text": issue.published_text or issue.text or "", "owner": issue.owner})
        area = locality()
        offered = [(each.code, _(each.name)) for each in owners(area, today=clock.today())]
        form.owner.choices = [("", _("Choose")), *offered]
        return form


class UpdateForm(HouseForm):
    """How far it is."""

    text = TextAreaField(
        _l("What is new?"),
        description=_l("Everybody can read it. Two or three plain sentences, and no names."),
        validators=[Needed("Write what is new."), AtMost(LONGEST)],
    )


class AnswerForm(HouseForm):
    """What came of it, and why."""

    outcome = RadioField(_l("What came of it?"), [Needed("Choose what came of it.")], validate_choice=False)
    reason = TextAreaField(
        _l("What was done, or why not?"),
        description=_l("Everybody can read it. If it is not done, give the reason in plain words."),
        validators=[AtMost(LONGEST)],
    )

    @classmethod
    def of(cls, issue: Issue) -> AnswerForm:
        """Return the form with the answer that stands now."""
        form = cls(data={"outcome": issue.outcome.value if issue.outcome else None, "reason": issue.reason})
        form.outcome.choices = [(each.value, wording(each)) for each in IssueOutcome]
        return form


@staff.route("/issues/<int:issue_id>/publish", methods=["GET", "POST"])
def publish_issue(issue_id: int) -> ResponseReturnValue:
    """Show it on the public page, or change what stands there."""
    form = PublishForm.of(get_issue(issue_id))

    def save() -> None:
        services.publish_issue(
            issue_id,
            text=form.text.data or "",
            owner=form.owner.data or "",
            is_fit=bool(form.is_fit.data),
            locality=locality(),
        )

    return _deed(issue_id, form, "publish_issue", save, saved=_("Saved. Everybody can read it now."))


@staff.post("/issues/<int:issue_id>/withdraw")
def withdraw_issue(issue_id: int) -> ResponseReturnValue:
    """Take it off the public page."""
    with transaction():
        services.withdraw_issue(issue_id)
    flash(_("Taken off the public page."))
    return _back(issue_id)


@staff.route("/issues/<int:issue_id>/update", methods=["GET", "POST"])
def update_issue(issue_id: int) -> ResponseReturnValue:
    """Say how far it is."""
    _refuse_hidden(issue_id)
    form = UpdateForm()
    return _deed(
        issue_id,
        form,
        "update_issue",
        lambda: services.add_update(issue_id, form.text.data or ""),
        saved=_("Saved. Everybody can read it now."),
    )


@staff.post("/issues/<int:issue_id>/updates/<int:update_id>/take-back")
def take_back_update(issue_id: int, update_id: int) -> ResponseReturnValue:
    """Delete an update that was written by mistake."""
    with transaction():
        services.take_back_update(update_id, issue_id=issue_id)
    flash(_("Taken back. It is deleted."))
    return _back(issue_id)


@staff.route("/issues/<int:issue_id>/answer", methods=["GET", "POST"])
def answer_issue(issue_id: int) -> ResponseReturnValue:
    """Say what came of it. The families that were there are told once."""
    _refuse_hidden(issue_id)
    form = AnswerForm.of(get_issue(issue_id))

    def save() -> None:
        chosen = form.outcome.data
        if chosen not in set(IssueOutcome):
            raise Refusal("Choose what came of it.", field="outcome")
        services.answer_issue(issue_id, IssueOutcome(chosen), reason=form.reason.data or "")

    return _deed(issue_id, form, "answer_issue", save, saved=_("Saved. Everybody can read it now."))


def _deed(
    issue_id: int, form: HouseForm, screen: str, save: Callable[[], object], *, saved: str
) -> ResponseReturnValue:
    """Show a form about one issue, or carry it out."""
    status = 0
    if form.validate_on_submit():
        was_told = get_issue(issue_id).told
        try:
            with transaction():
                save()
        except (NotFound, Conflict):
            raise
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(" ".join(filter(None, (saved, _who_is_told(issue_id, was_told)))))
            return _back(issue_id)
    event_id = get_issue(issue_id).event_id
    with transaction():
        record_view(screen="staff.issue", subject_type="event", subject_id=event_id)
    return _page(issue_id, form, screen), status or (422 if form.errors else 200)


def _page(issue_id: int, form: HouseForm, screen: str) -> str:
    issue = get_issue(issue_id)
    values: dict[str, Any] = {"issue": issue, "days": followed(issue), "form": form, "has_errors": bool(form.errors)}
    return render_template(f"staff/{screen}.html", **values, **issue_words())


def _who_is_told(issue_id: int, before: int | None) -> str:
    """Say how many families get a mail, when this answer was the first."""
    told = get_issue(issue_id).told
    if before is not None or told is None:
        return ""
    return ngettext(
        "%(num)d family that was there is told the next morning.",
        "%(num)d families that were there are told the next morning.",
        told,
    )


def _refuse_hidden(issue_id: int) -> None:
    """Raise Conflict while nobody can see the issue: an answer to it would hang in the air."""
    if get_issue(issue_id).published_at is None:
        raise Conflict(NOT_PUBLIC)


def _back(issue_id: int) -> ResponseReturnValue:
    return redirect(url_for("staff.issue", issue_id=issue_id), 303)
