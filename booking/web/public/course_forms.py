"""Which dates of a course to book: this one, all that are to come, or some."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.formats import words_for
from booking.models import Event
from booking.queries.courses import Course, CourseDate, course_of
from booking.web.shared.forms import HouseForm

ONE, WHOLE, SOME = WAYS = ("one", "whole", "some")


class CourseFields(HouseForm):
    """The question about dates; a session on its own does not ask it."""

    course = RadioField(_l("Which dates would you like?"), default=ONE, validate_choice=False)
    dates = SelectMultipleField(_l("The dates you choose"), validate_choice=False)

    def validate_course(self, field: Any) -> None:
        if field.data not in WAYS:
            raise ValidationError(_("Choose which dates you would like."))
        if field.data == ONE and len(_ticked(self)) > 1:
            raise ValidationError(_("You ticked some dates. Choose “Some of the dates”, or take the ticks away."))

    def validate_dates(self, field: Any) -> None:
        if self.course.data == SOME and not _ticked(self):
            raise ValidationError(_("Tick at least one date."))


def ask_for_dates(form: CourseFields, event: Event, before: dict[str, Any]) -> None:
    """Put a course's coming dates to choose from on the form, or take the question off it."""
    course = course_of(event)
    here = course.date_of(event.id) if course else None
    if course is None or here is None or not here.is_open or len(course.open_dates) < 2:
        del form.course, form.dates
        return
    form.course.choices = _ways(course, here)
    form.dates.choices = [(str(each.event.id), _label(each)) for each in course.open_dates]
    if not form.is_submitted():
        wanted = request.args.get("course", "")
        form.course.data = before.get("course") or (wanted if wanted in WAYS else ONE)
        form.dates.data = [str(each) for each in before.get("dates") or [event.id]]


def dates_chosen(form: CourseFields, event: Event) -> dict[str, Any]:
    """Return what was chosen, as the draft keeps it; nothing for this one date alone."""
    if "course" not in form or form.course.data == ONE:
        return {}
    every = [int(value) for value, _label in form.dates.choices]
    ticked = every if form.course.data == WHOLE else [int(value) for value in _ticked(form)]
    return {} if ticked == [event.id] else {"course": form.course.data, "dates": ticked}


def _ticked(form: CourseFields) -> list[str]:
    chosen = set(form.dates.data or ())
    return [value for value, _label in form.dates.choices if value in chosen]


def _ways(course: Course, here: CourseDate) -> list[tuple[str, str]]:
    number = len(course.open_dates)
    whole = ngettext("The whole course: %(num)d date to come", "The whole course: all %(num)d dates to come", number)
    day = words_for.day_and_month(here.day)
    return [(ONE, _("Only this date: %(day)s", day=day)), (WHOLE, whole), (SOME, _("Some of the dates"))]


def _label(date: CourseDate) -> str:
    day = f"{words_for.day_and_month(date.day)}, {words_for.clock_time(date.event.starts_at)}"
    left = 0 if date.waiting else date.left
    return f"{day}. {words_for.places_left(left)}"
