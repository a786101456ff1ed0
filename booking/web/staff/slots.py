"""The timed slots of a session."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.staff_sessions import get_session
from booking.rules.slot_rows import Pause
from booking.services.save_slots import add_slots
from booking.services.save_slots import remove_slot as remove
from booking.web.staff.blueprint import staff
from booking.web.staff.session_forms import SlotsForm


@staff.route("/sessions/<int:event_id>/slots", methods=["GET", "POST"])
def session_slots(event_id: int) -> ResponseReturnValue:
    """Show the times and add a row of them."""
    event = get_session(event_id)
    form = SlotsForm()
    if form.validate_on_submit():
        assert form.first.time is not None
        assert form.minutes.data is not None
        assert form.number.data is not None
        assert form.desks.data is not None
        day = clock.in_london(event.starts_at).date()
        first = clock.london_time(day, form.first.time.hour, form.first.time.minute)
        try:
            with transaction():
                added = add_slots(
                    event_id,
                    role=form.role.data,
                    first=first,
                    minutes=form.minutes.data,
                    number=form.number.data,
                    desks=form.desks.data,
                    pause=_pause(form, day),
                )
                number = len(added)
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("%(number)d times added.", number=number))
            return redirect(url_for("staff.session_slots", event_id=event_id), 303)
    status = 422 if form.errors else 200
    page = render_template("staff/slots.html", event=get_session(event_id), form=form, has_errors=status == 422)
    return page, status


def _pause(form: SlotsForm, day: date) -> Pause | None:
    at = form.break_at.time
    if at is None or not form.break_minutes.data:
        return None
    return Pause(clock.london_time(day, at.hour, at.minute), timedelta(minutes=form.break_minutes.data))


@staff.post("/sessions/<int:event_id>/slots/<int:slot_id>/remove")
def remove_slot(event_id: int, slot_id: int) -> ResponseReturnValue:
    """Take one time away."""
    get_session(event_id)
    with transaction():
        remove(event_id, slot_id)
    flash(_("The time is removed."))
    return redirect(url_for("staff.session_slots", event_id=event_id), 303)
