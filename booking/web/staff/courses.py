"""Make a course of a session, see its dates, publish them together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import words_for
from booking.models import Event
from booking.queries.staff_courses import get_series
from booking.queries.staff_sessions import get_session, state_of
from booking.queries.venue_calendar import clashes_at, not_yet_allowed
from booking.rules.double_bookings import stay_of
from booking.rules.recurrence import CourseDay, days_after
from booking.rules.words import EventStatus
from booking.services.make_course import make_course as make
from booking.services.make_course import publish_course as publish
from booking.services.publish_session import basics_missing
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.session_forms import PublishForm, clash_field

MOST_DATES = 20


class CourseForm(HouseForm):
    """What the course is called, and its days besides the session's own."""

    title = StringField(_l("What is the course called?"), [Needed(_l("Write a title.")), AtMost(140)])
    days = SelectMultipleField(_l("On which dates besides the first?"), validate_choice=False)
    clash_reason = clash_field()

    def validate_days(self, field: Any) -> None:
        """Refuse a day that is not on offer: the page that was sent is an old one."""
        if not set(field.data or ()) <= {value for value, *_rest in field.choices}:
            raise ValidationError(_("Look at the dates again: one of them is not on offer any more."))

    def chosen(self) -> list[date]:
        """Return the days with a tick."""
        return [date.fromisoformat(value) for value in self.days.data or ()]


@staff.route("/sessions/<int:event_id>/course", methods=["GET", "POST"])
def make_course(event_id: int) -> ResponseReturnValue:
    """Offer the dates to come, holidays named and without a tick; make drafts of those that are chosen."""
    event = get_session(event_id)
    number, every = _asked("dates", default=6, most=MOST_DATES), _asked("every", default=1, most=4)
    days = _days(event, number=number - 1, every=every)
    form = CourseForm(data={"title": event.series.title if event.series else event.title})
    form.days.choices = [SelectChoice(each.day.isoformat(), _label(each)) for each in days]
    if not form.is_submitted():
        form.days.data = [each.day.isoformat() for each in days if each.is_free]
    if form.validate_on_submit():
        try:
            with transaction():
                reason = form.clash_reason.data or ""
                series_id = make(event_id, title=form.title.data, days=form.chosen(), clash_reason=reason).id
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("The course is made. Its new dates are drafts until you publish them."))
            return redirect(url_for("staff.course", series_id=series_id), 303)
    event = get_session(event_id)
    return _answer("staff/make_course.html", form=form, event=event, number=number, every=every)


@staff.get("/courses/<int:series_id>")
def course(series_id: int) -> ResponseReturnValue:
    """Show the dates of a course and how each stands."""
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


def _days(event: Event, *, number: int, every: int) -> list[CourseDay]:
    """Return the days on offer, on the weekday of the session, from today on; a course's own are left out."""
    own = [clock.in_london(each.starts_at).date() for each in (event.series.events if event.series else [event])]
    first = clock.in_london(event.starts_at).date()
    start = first + timedelta(weeks=max((clock.today() - first).days // 7, 0))
    days = days_after(
        start,
        number=number,
        every=every,
        terms=locality().terms,
        bank_holidays=locality().bank_holidays,
        taken=own,
    )
    return [each for each in days if each.day > clock.today()]


def _label(day: CourseDay) -> str:
    said = words_for.long_date(day.day)
    if day.bank_holiday:
        return f"{said} – {_('bank holiday: %(name)s', name=day.bank_holiday)}"
    return f"{said} – {_('school holidays')}" if day.is_school_holiday else said


def _asked(name: str, *, default: int, most: int) -> int:
    text = request.args.get(name, "")
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 4 else default
