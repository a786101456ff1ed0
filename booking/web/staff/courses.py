"""A series: its dates, and publishing them together."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.staff_courses import get_series
from booking.queries.staff_sessions import state_of
from booking.queries.venue_calendar import clashes_at, not_yet_allowed
from booking.rules.double_bookings import stay_of
from booking.rules.words import EventStatus
from booking.services.change_series import may_be_changed
from booking.services.publish_series import publish_series as publish
from booking.services.publish_session import basics_missing
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.session_forms import PublishForm


@staff.get("/courses/<int:series_id>")
def course(series_id: int) -> ResponseReturnValue:
    """Show the dates of a series and how each stands."""
    return _show(series_id, PublishForm())


@staff.post("/courses/<int:series_id>/publish")
def publish_course(series_id: int) -> ResponseReturnValue:
    """Publish all its drafts; a gap in the basics of a place needs a reason."""
    get_series(series_id)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            with transaction():
                number = publish(series_id, reason=form.reason.data or "", clash_reason=form.clash_reason.data or "")
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            said = ngettext("%(num)d date is published now.", "%(num)d dates are published now.", number)
            flash(said)
            return redirect(url_for("staff.course", series_id=series_id), 303)
    return _show(series_id, form)


def _show(series_id: int, form: PublishForm) -> ResponseReturnValue:
    series, now = get_series(series_id), clock.now()
    drafts = [each for each in series.events if each.status == EventStatus.DRAFT and each.starts_at > now]
    gaps = list(dict.fromkeys(code for each in drafts for code in basics_missing(each)))
    return _answer(
        "staff/course.html",
        form=form,
        series=series,
        dates=[(each, state_of(each, now=now)) for each in series.events],
        may_change={each.id for each in series.events if may_be_changed(each)},
        drafts=len(drafts),
        gaps=[locality().get_fact(code) for code in gaps],
        clashes=[
            other for each in drafts for other in not_yet_allowed(each, clashes_at(stay_of(each), but_for=each.id))
        ],
        is_public=any(each.status != EventStatus.DRAFT for each in series.events),
    )


def _answer(template: str, **values: Any) -> ResponseReturnValue:
    status = 422 if values["form"].errors else 200
    return render_template(template, has_errors=status == 422, **values), status
