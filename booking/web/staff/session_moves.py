"""Move a session, put it off, cancel it: what everybody who booked is told about."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Event
from booking.queries.move_impact import MoveImpact, impact_of_move
from booking.queries.staff_sessions import get_session
from booking.queries.venue_calendar import clashes_at
from booking.rules.double_bookings import stay_of
from booking.rules.words import EventCancelReason
from booking.services.cancel_session import cancel_session as cancel
from booking.services.move_session import move_session as move
from booking.services.postpone_session import postpone_session as postpone
from booking.services.record_audit import record_view
from booking.services.require_seen import EditedMeanwhile
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.edit_conflict import Difference, differences, look_again
from booking.web.staff.session_forms import CancelForm, PlanForm, SeenForm, cancel_form, plan_form


@staff.route("/sessions/<int:event_id>/move", methods=["GET", "POST"])
def move_session(event_id: int) -> ResponseReturnValue:
    """Ask for the new plan, show who is hurt, then move and tell everybody."""
    event = get_session(event_id)
    form = plan_form(locality(), event)
    step = request.form.get("step", "preview")
    if not form.is_submitted() or step == "edit":
        return _show_move(form, event)
    if not form.validate() or not form.check_times():
        return _show_move(form, event)
    if step != "send":
        return _preview(form, event)
    try:
        with transaction():
            move(event_id, form.plan(), seen=form.seen.data or "", clash_reason=form.clash_reason.data or "")
    except EditedMeanwhile as conflict:
        event = get_session(event_id)
        look_again(form, event)
        form.refuse(None, conflict.sentence)
        return _show_move(
            form, event, status=409, changed=differences(form, plan_form(locality(), event, formdata=None))
        )
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _show_move(form, get_session(event_id), status=refusal.status)
    flash(_("The session is moved. The messages are on their way."))
    return redirect(url_for("staff.session", event_id=event_id), 303)


@staff.route("/sessions/<int:event_id>/cancel", methods=["GET", "POST"])
def cancel_session(event_id: int) -> ResponseReturnValue:
    """Show who is hurt, ask why, then cancel and tell everybody."""
    event = get_session(event_id)
    form = cancel_form(event)
    if form.validate_on_submit():
        try:
            with transaction():
                cancel(event_id, EventCancelReason(form.reason.data), seen=form.seen.data or "")
        except Refusal as refusal:
            event = get_session(event_id)
            form.refuse(refusal.field, refusal.sentence)
            look_again(form, event)
            return _show_cancel(form, event, status=refusal.status)
        flash(_("The session is cancelled. The messages are on their way."))
        return redirect(url_for("staff.session", event_id=event_id), 303)
    return _show_cancel(form, event)


@staff.route("/sessions/<int:event_id>/postpone", methods=["GET", "POST"])
def postpone_session(event_id: int) -> ResponseReturnValue:
    """Show who is hurt, then put the session off without a new date."""
    event = get_session(event_id)
    form = SeenForm(data={"seen": event.changed_at.isoformat()})
    status = 200
    if form.validate_on_submit():
        try:
            with transaction():
                postpone(event_id, seen=form.seen.data or "")
        except Refusal as refusal:
            event = get_session(event_id)
            form.refuse(None, refusal.sentence)
            look_again(form, event)
            status = refusal.status
        else:
            flash(_("The session is put off. Move it when you know the new date."))
            return redirect(url_for("staff.session", event_id=event_id), 303)
    page = render_template(
        "staff/postpone.html", form=form, event=event, impact=_impact_as_it_is(event), has_errors=status != 200
    )
    return page, status


def _preview(form: PlanForm, event: Event) -> ResponseReturnValue:
    plan, event_id = form.plan(), event.id
    with transaction():
        record_view(screen="staff.move_session", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    impact = impact_of_move(
        event,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        delivery=plan.delivery,
        venue_id=plan.venue_id,
        locality=locality(),
    )
    venue = next((str(each.label) for each in form.venue_id.choices if each.value == form.venue_id.data), "")
    is_new_stay = stay_of(plan) != stay_of(event) or event.new_date_pending
    return render_template(
        "staff/move_preview.html",
        form=form,
        event=event,
        plan=plan,
        impact=impact,
        venue=venue,
        stays_there=(plan.delivery, plan.venue_id, plan.room) == (event.delivery, event.venue_id, event.room),
        clashes=clashes_at(stay_of(plan), but_for=event_id) if is_new_stay else (),
    )


def _show_move(
    form: PlanForm, event: Event, *, status: int = 0, changed: list[Difference] | None = None
) -> ResponseReturnValue:
    code = status or (422 if form.errors else 200)
    page = render_template(
        "staff/move.html", form=form, event=event, changed=changed or [], has_errors=code in (409, 422)
    )
    return page, code


def _show_cancel(form: CancelForm, event: Event, *, status: int = 0) -> ResponseReturnValue:
    code = status or (422 if form.errors else 200)
    page = render_template(
        "staff/cancel.html",
        form=form,
        event=event,
        impact=_impact_as_it_is(event),
        is_soon=(event.starts_at - clock.now()).total_seconds() < 24 * 3600,
        has_errors=code in (409, 422),
    )
    return page, code


def _impact_as_it_is(event: Event) -> MoveImpact:
    """Return who is hurt when the session does not take place, after an entry in the audit."""
    event_id = event.id
    with transaction():
        record_view(screen=request.endpoint or "", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    return impact_of_move(
        event,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        delivery=event.delivery,
        venue_id=event.venue_id,
        locality=locality(),
    )
