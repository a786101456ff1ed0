"""After a session: what was there of what was asked for, on one page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.day_sheet import day_sheet as lines_of
from booking.queries.need_outcomes import outcomes_at
from booking.queries.staff_sessions import get_session
from booking.rules.need_states import OUTCOMES
from booking.rules.words import NeedState
from booking.services.change_need_state import has_begun
from booking.services.record_audit import record_view
from booking.services.say_outcomes import say_outcomes
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.need_words import NEED_STATES

SAID = (*OUTCOMES, NeedState.NO_LONGER_NEEDED)


@staff.route("/sessions/<int:event_id>/outcomes", methods=["GET", "POST"])
def outcomes(event_id: int) -> ResponseReturnValue:
    """Ask for each request whether it was there, and save those that were answered."""
    get_session(event_id)
    form, status = HouseForm(), 200
    if form.validate_on_submit():
        try:
            with transaction():
                saved = say_outcomes(event_id, _answers())
        except Refusal as refusal:
            form.refuse(None, refusal.sentence)
            status = refusal.status
        else:
            flash(ngettext("Saved: %(num)d answer is new.", "Saved: %(num)d answers are new.", saved))
            return redirect(url_for("staff.session", event_id=event_id, _anchor="needs"), 303)
    elif form.errors:
        status = 422
    with transaction():
        record_view(screen="staff.outcomes", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    page = render_template(
        "staff/outcomes.html",
        event=event,
        people=lines_of(event_id, locality=locality()),
        has_begun=has_begun(event),
        outcomes=[(state, text) for state, text in _choices().items()],
        typed=_answers(),
        told=outcomes_at(event_id),
        need_words=NEED_STATES,
        form=form,
        has_errors=status != 200,
    )
    return page, status


def _answers() -> dict[int, NeedState]:
    """Read what was answered; fields that are none of ours are left alone."""
    found = {}
    for name, value in request.form.items():
        number = name.removeprefix("outcome-")
        if name.startswith("outcome-") and number.isascii() and number.isdigit() and len(number) < 10 and value in SAID:
            found[int(number)] = NeedState(value)
    return found


def _choices() -> dict[NeedState, str]:
    return {
        NeedState.MET: _("It was there"),
        NeedState.PARTLY_MET: _("Partly"),
        NeedState.NOT_MET: _("Not there"),
        NeedState.NO_LONGER_NEEDED: _("Not needed, or they did not come"),
    }
