"""Snow, a strike, a closed building: many sessions at once, in three steps, with the words for everybody else."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.sender import our_sender
from booking.models import Event
from booking.queries.closures import Touched, sessions_named, sessions_touched
from booking.queries.staff_sessions import get_session
from booking.rules.permissions import Action
from booking.rules.words import Delivery, EventCancelReason
from booking.services.cancel_session import cancel_session
from booking.services.move_session import move_session
from booking.services.postpone_session import postpone_session
from booking.services.require_seen import version_of
from booking.services.save_session import SessionPlan
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.closure_forms import Closing, ClosureForm, closure_form

MOST = 100
"""How many sessions one notice names."""


@staff.route("/closures", methods=["GET", "POST"])
def closures() -> ResponseReturnValue:
    """Ask for days and districts, show whom it touches, then close what is ticked and tell everybody."""
    form = closure_form(locality())
    step = request.form.get("step", "preview")
    if not form.is_submitted() or step == "edit" or not form.validate():
        return _show(form)
    mine = sessions_within(Action.EDIT_SESSIONS)
    found = sessions_touched(*form.span, districts=form.districts.data or ())
    touched = [each for each in found if is_among(each.event.id, mine)]
    if step != "send" or not touched:
        return _preview(form, touched)
    ticked = [each.event for each in touched if str(each.event.id) in request.form.getlist("event")]
    if not ticked:
        return _preview(form, touched, problem=_("Tick at least one session."))
    done = _close_each([event.id for event in ticked], form)
    if not done:
        return redirect(url_for("staff.closures"), 303)
    return redirect(url_for("staff.closure_notice", sessions=",".join(str(number) for number in done)), 303)


@staff.get("/closures/notice")
def closure_notice() -> ResponseReturnValue:
    """Give the words for the answerphone and for everybody who has not booked; nobody is named in them."""
    asked = [part for part in request.args.get("sessions", "").split(",") if part.isascii() and part.isdigit()]
    events = sessions_named([int(part) for part in asked[:MOST] if len(part) < 10])
    return render_template("staff/closure_notice.html", events=events, sender=our_sender())


def _close_each(numbers: list[int], form: ClosureForm) -> list[int]:
    """Close one session after the other, each for itself: what cannot be closed stops no other, and is said."""
    done = []
    for number in numbers:
        try:
            with transaction():
                _close(number, form)
        except Refusal as refusal:
            flash(f"{get_session(number).title}: {refusal.sentence}")
        else:
            done.append(number)
    if done:
        flash(
            ngettext(
                "%(num)d session is changed. The messages are on their way.",
                "%(num)d sessions are changed. The messages are on their way.",
                len(done),
            )
        )
    return done


def _close(number: int, form: ClosureForm) -> None:
    seen = request.form.get(f"seen-{number}", "")
    match Closing(form.how.data):
        case Closing.CANCEL:
            cancel_session(number, EventCancelReason(form.reason.data), seen=seen)
        case Closing.PUT_OFF:
            postpone_session(number, seen=seen)
        case Closing.ONLINE:
            move_session(number, _online(get_session(number), form), seen=seen)


def _online(event: Event, form: ClosureForm) -> SessionPlan:
    return SessionPlan(
        title=event.title,
        delivery=Delivery.ONLINE,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        join_url=form.join_url.data or None,
        dial_in=form.dial_in.data or None,
    )


def _show(form: ClosureForm) -> ResponseReturnValue:
    page = render_template("staff/closures.html", form=form, has_errors=bool(form.errors))
    return page, 422 if form.errors else 200


def _preview(form: ClosureForm, touched: list[Touched], *, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "staff/closure_check.html",
        form=form,
        how=Closing(form.how.data),
        touched=touched,
        versions={each.event.id: version_of(each.event) for each in touched},
        booked=sum(each.booked for each in touched),
        waiting=sum(each.waiting for each in touched),
        with_needs=sum(each.with_needs for each in touched),
        to_ring=sum(each.to_ring for each in touched),
        problem=problem,
        has_errors=bool(problem),
    )
    return page, 422 if problem else 200
