"""Sessions: list, look at one, make, change, copy, publish."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, texts
from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Event
from booking.queries.issues import issues_raised
from booking.queries.may_come import adults_who_may_come
from booking.queries.seen_changes import seen_change
from booking.queries.staff_bookings import bookings_of, messages_of, names_of, needs_of
from booking.queries.staff_inbox import mails_of
from booking.queries.staff_sessions import get_session, list_sessions, state_of
from booking.queries.venue_calendar import clashes_at, not_yet_allowed
from booking.rules.double_bookings import stay_of
from booking.rules.permissions import Action
from booking.rules.words import HOLDS_PLACES, BookingStatus, EventStatus
from booking.services.change_need_state import has_begun
from booking.services.copy_session import copy_session as copy
from booking.services.copy_session import day_of_copy
from booking.services.publish_session import basics_missing
from booking.services.publish_session import publish_session as publish
from booking.services.record_audit import record_view
from booking.services.require_seen import EditedMeanwhile
from booking.services.save_session import is_fewer, make_session, save_session
from booking.web.shared.access import may_now
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.edit_conflict import Difference, differences, look_again
from booking.web.staff.session_forms import (
    CopyForm,
    DetailsForm,
    PublishForm,
    SessionForm,
    details_form,
    session_form,
)


@staff.get("/sessions")
def sessions() -> ResponseReturnValue:
    """List coming or past sessions; search by title, venue or town."""
    past = request.args.get("when") == "past"
    text = request.args.get("q", "").strip()[:80]
    return render_template("staff/sessions.html", rows=list_sessions(past=past, text=text), past=past, text=text)


@staff.get("/sessions/<int:event_id>")
def session(event_id: int) -> ResponseReturnValue:
    """Show one session; its families only to those who may see them, and never without an entry in the audit."""
    sees_families = may_now(Action.SEE_BOOKINGS, event_id)
    if sees_families:
        get_session(event_id)
        with transaction():
            record_view(screen="staff.session", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    page: dict[str, object] = _families(event) if sees_families else {}
    state = state_of(event, now=clock.now())
    page["has_begun"] = has_begun(event)
    page["issues_raised"] = issues_raised(event_id)
    page["may_come"] = adults_who_may_come([event_id]).get(event_id, 0)
    return render_template("staff/session.html", event=event, state=state, sees_families=sees_families, **page)


@staff.route("/sessions/new", methods=["GET", "POST"])
def new_session() -> ResponseReturnValue:
    """Make a draft."""
    form = session_form(locality())
    if form.validate_on_submit() and form.check_times():
        try:
            with transaction():
                made = make_session(
                    form.plan(), form.details(), mode=form.mode, clash_reason=form.clash_reason.data or ""
                )
                event_id = made.id
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("The draft is saved. Nobody can see it until you publish it."))
            return redirect(url_for("staff.session", event_id=event_id), 303)
    return _show_form(form, event=None)


@staff.route("/sessions/<int:event_id>/edit", methods=["GET", "POST"])
def edit_session(event_id: int) -> ResponseReturnValue:
    """Change a session: all of a draft, the details of a published one."""
    event = get_session(event_id)
    is_draft = event.status == EventStatus.DRAFT
    form = session_form(locality(), event) if is_draft else details_form(locality(), event)
    step = request.form.get("step", "")
    if step == "edit" or not form.validate_on_submit() or not _has_times(form):
        return _show_form(form, event=event)
    if step != "send" and not is_draft and is_fewer(event, form.capacity.data):
        return _check_capacity(form, event)
    try:
        with transaction():
            _save(event_id, form)
    except EditedMeanwhile as conflict:
        event = get_session(event_id)
        fresh = (session_form if is_draft else details_form)(locality(), event, formdata=None)
        look_again(form, event)
        form.refuse(None, conflict.sentence)
        return _show_form(form, event=event, status=409, changed=differences(form, fresh))
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _show_form(form, event=get_session(event_id))
    flash(_("Saved."))
    return redirect(url_for("staff.session", event_id=event_id), 303)


@staff.post("/sessions/<int:event_id>/copy")
def copy_session(event_id: int) -> ResponseReturnValue:
    """Copy a session to a new draft and go to its form; ask for the day when its venue is taken on the usual one."""
    event = get_session(event_id)
    is_asked = "date-day" in request.form
    form = CopyForm(data={} if is_asked else {"date": day_of_copy(event)})
    if form.validate_on_submit():
        try:
            with transaction():
                draft_id = copy(event_id, on=form.date.data, clash_reason=form.clash_reason.data or "").id
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            event = get_session(event_id)
        else:
            flash(_("This is a copy. Check the date, then save it."))
            return redirect(url_for("staff.edit_session", event_id=draft_id), 303)
    return render_template("staff/copy.html", event=event, form=form, has_errors=True), 422


@staff.route("/sessions/<int:event_id>/publish", methods=["GET", "POST"])
def publish_session(event_id: int) -> ResponseReturnValue:
    """Publish a draft; a gap in the basics of its place needs a reason."""
    event = get_session(event_id)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            with transaction():
                publish(event_id, reason=form.reason.data or "", clash_reason=form.clash_reason.data or "")
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("The session is published. Families can see it now."))
            return redirect(url_for("staff.session", event_id=event_id), 303)
    event = get_session(event_id)
    gaps = [locality().get_fact(code) for code in basics_missing(event)]
    status = 422 if form.errors else 200
    page = render_template(
        "staff/publish.html",
        event=event,
        form=form,
        gaps=gaps,
        clashes=not_yet_allowed(event, clashes_at(stay_of(event), but_for=event.id)),
        has_errors=status == 422,
    )
    return page, status


def _check_capacity(form: DetailsForm, event: Event) -> ResponseReturnValue:
    """Show what fewer places do to those who booked or wait."""
    left_out = ("csrf_token", "step")
    return render_template(
        "staff/capacity_check.html",
        event=event,
        wanted=form.capacity.data,
        waiting=len([each for each in bookings_of(event.id) if each.status == BookingStatus.WAITING]),
        carried=[(name, value) for name, value in request.form.items(multi=True) if name not in left_out],
    )


def _families(event: Event) -> dict[str, object]:
    bookings, sees_needs = bookings_of(event.id), may_now(Action.SEE_NEEDS, event.id)
    return {
        "booked": [booking for booking in bookings if booking.status in HOLDS_PLACES],
        "waiting": [booking for booking in bookings if booking.status == BookingStatus.WAITING],
        "cancelled": [booking for booking in bookings if booking.status == BookingStatus.CANCELLED],
        "sees_needs": sees_needs,
        "needs": needs_of(bookings, event, locality=locality()) if sees_needs else [],
        "change": seen_change(event.id),
        "messages": messages_of(event.id),
        "mails": mails_of(event.id),
        "names_of": names_of,
        "is_texted": texts.reaches,
    }


def _has_times(form: DetailsForm) -> bool:
    return form.check_times() if isinstance(form, SessionForm) else True


def _save(event_id: int, form: DetailsForm) -> None:
    seen = form.seen.data or ""
    if isinstance(form, SessionForm):
        save_session(
            event_id,
            form.details(),
            plan=form.plan(),
            mode=form.mode,
            seen=seen,
            clash_reason=form.clash_reason.data or "",
        )
    else:
        save_session(event_id, form.details(), seen=seen)


def _show_form(
    form: DetailsForm, *, event: Event | None, status: int = 0, changed: list[Difference] | None = None
) -> ResponseReturnValue:
    code = status or (422 if form.errors else 200)
    page = render_template(
        "staff/session_form.html", form=form, event=event, changed=changed or [], has_errors=code in (409, 422)
    )
    return page, code
