"""One promise: how far it is, the steps that may follow, who sees to it, and what the family was told."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.formats.words_for import long_date
from booking.queries.promise import get_promise
from booking.rules.words import FamilyChoice, NeedState, ToldHow
from booking.services.change_need_state import change_need_state
from booking.services.decline_need import decline_need as decline
from booking.services.decline_need import record_choice
from booking.services.plan_need import plan_need
from booking.services.record_audit import record_view
from booking.services.tell_of_need import tell_of_need as tell
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.need_words import ALTERNATIVES, REASONS, STEPS
from booking.web.staff.promise_forms import ChoiceForm, DeclineForm, TellForm, plan_form


@staff.route("/promises/<int:need_id>", methods=["GET", "POST"])
def promise(need_id: int) -> ResponseReturnValue:
    """Show one promise, and save who sees to it."""
    _look(need_id)
    form = plan_form(get_promise(need_id, locality=locality()).need)
    if not form.validate_on_submit():
        return _show(need_id, plan=form)
    try:
        with transaction():
            plan_need(need_id, form.plan())
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _show(need_id, plan=form)
    flash(_("Saved."))
    return redirect(url_for("staff.promise", need_id=need_id), 303)


@staff.post("/needs/<int:need_id>")
def change_need(need_id: int) -> ResponseReturnValue:
    """Take a step that needs no more than a button."""
    state = request.form.get("state", "")
    if state not in set(NeedState):
        abort(422)
    try:
        with transaction():
            event_id = change_need_state(need_id, NeedState(state)).booking.event_id
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(need_id, refusal)
    flash(_("Saved."))
    if request.form.get("back") == "session":
        return redirect(url_for("staff.session", event_id=event_id, _anchor="needs"), 303)
    return redirect(url_for("staff.promise", need_id=need_id), 303)


@staff.post("/promises/<int:need_id>/told")
def tell_of_need(need_id: int) -> ResponseReturnValue:
    """Note how the family was told."""
    form = TellForm()
    if not form.validate_on_submit():
        return _show(need_id, tell=form)
    try:
        with transaction():
            tell(need_id, ToldHow(form.how.data))
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(need_id, refusal)
    flash(_("Saved: the family knows."))
    return redirect(url_for("staff.promise", need_id=need_id), 303)


@staff.post("/promises/<int:need_id>/choice")
def need_choice(need_id: int) -> ResponseReturnValue:
    """Note what the family says to what we offer."""
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _show(need_id, choice=form)
    try:
        with transaction():
            record_choice(need_id, FamilyChoice(form.choice.data))
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(need_id, refusal)
    flash(_("Saved."))
    return redirect(url_for("staff.promise", need_id=need_id), 303)


@staff.route("/promises/<int:need_id>/cannot", methods=["GET", "POST"])
def decline_need(need_id: int) -> ResponseReturnValue:
    """Ask why we cannot do it and what we offer instead."""
    _look(need_id)
    form, status = DeclineForm(), 200
    if form.validate_on_submit():
        reason, words, alternative = form.given()
        try:
            with transaction():
                tell_by = decline(need_id, reason, words=words, alternative=alternative).tell_by
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(_("Saved. Please tell the family by %(day)s.", day=long_date(tell_by or clock.today())))
            return redirect(url_for("staff.promise", need_id=need_id), 303)
    elif form.errors:
        status = 422
    row = get_promise(need_id, locality=locality())
    return render_template("staff/promise_cannot.html", row=row, form=form, has_errors=status != 200), status


def _look(need_id: int) -> None:
    """Write down the look before the page is made."""
    booking_id = get_promise(need_id, locality=locality()).need.booking_id
    with transaction():
        record_view(screen=str(request.endpoint), subject_type="booking", subject_id=booking_id)


def _refused(need_id: int, refusal: Refusal) -> ResponseReturnValue:
    """Show the promise as it stands now with the sentence on top."""
    form = TellForm(formdata=None)
    form.refuse(None, refusal.sentence)
    return _show(need_id, tell=form, status=refusal.status)


def _show(need_id: int, *, status: int = 0, **forms: HouseForm) -> ResponseReturnValue:
    """Show the page; a form that was sent stands as it was typed."""
    row = get_promise(need_id, locality=locality())
    shown: dict[str, Any] = {
        "plan": forms.get("plan") or plan_form(row.need),
        "tell": forms.get("tell") or TellForm(formdata=None),
        "choice": forms.get("choice") or ChoiceForm(formdata=None, data={"choice": row.need.choice}),
    }
    wrong = next((form for form in shown.values() if form.errors), None)
    page = render_template(
        "staff/promise.html",
        row=row,
        steps=[(state, STEPS[state]) for state in row.steps if state in STEPS],
        may_decline=NeedState.CANNOT_MEET in row.steps,
        reasons=REASONS,
        alternatives=ALTERNATIVES,
        wrong=wrong,
        has_errors=wrong is not None,
        **shown,
    )
    return page, status or (422 if wrong is not None else 200)
