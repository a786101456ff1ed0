"""The call list: who is to be rung, and how each call went."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.words_for import wording
from booking.queries.calls_due import CallDue, calls_due
from booking.queries.staff_bookings import is_booking
from booking.rules.permissions import Action
from booking.rules.words import CallOutcome
from booking.services.record_audit import record_view
from booking.services.record_call import record_call
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.blueprint import staff


class CallForm(HouseForm):
    """How a call went."""

    outcome = RadioField(_l("How did it go?"), [Needed(_l("Say how the call went."))])
    note = StringField(
        _l("Note (optional)"), [AtMost(300)], description=_l("Only what the next person who rings has to know.")
    )


@staff.get("/calls")
def calls() -> ResponseReturnValue:
    """List who is to be rung, the next session first."""
    mine = sessions_within(Action.SEE_BOOKINGS)
    rows = [due for due in calls_due() if is_among(due.event_id, mine)]
    with transaction():
        record_view(screen="staff.calls", subject_type="booking", shown=[due.booking_id for due in rows])
    return render_template("staff/calls.html", rows=rows)


@staff.route("/calls/<int:booking_id>", methods=["GET", "POST"])
def call(booking_id: int) -> ResponseReturnValue:
    """Show one family to ring, and take how the call went."""
    with transaction():
        record_view(screen="staff.call", subject_type="booking", subject_id=booking_id)
    if not is_booking(booking_id):
        abort(404)
    due = next(iter(calls_due(booking_id)), None)
    if due is None:
        flash(_("They are off the list: nothing is left to ring them about."))
        return redirect(url_for("staff.calls"), 303)
    form = CallForm()
    form.outcome.choices = [SelectChoice(each.value, wording(each)) for each in CallOutcome]
    if not form.validate_on_submit():
        return _show(form, due), 422 if form.errors else 200
    try:
        with transaction():
            record_call(booking_id, CallOutcome(form.outcome.data), note=form.note.data)
    except Refusal as refusal:
        form.refuse("outcome", refusal.sentence)
        return _show(form, due), refusal.status
    flash(_said(CallOutcome(form.outcome.data)))
    return redirect(url_for("staff.calls"), 303)


def _show(form: CallForm, due: CallDue) -> str:
    return render_template("staff/call.html", form=form, due=due)


def _said(outcome: CallOutcome) -> Any:
    if outcome == CallOutcome.NO_ANSWER:
        return _("Thank you. They stay on the list, so that somebody tries again.")
    if outcome == CallOutcome.CANNOT_COME:
        return _("Their booking is cancelled. The place goes to the next family.")
    return _("Thank you. They are off the list.")
