"""The page of a course: all its dates with the places left, and the ways to book it whole or in part."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound
from booking.formats import words_for
from booking.queries.courses import CourseDate, find_course
from booking.rules.words import BookingMode, EventStatus
from booking.web.public.blueprint import public


@public.get("/courses/<slug>")
def course_page(slug: str) -> ResponseReturnValue:
    """Show a course to anyone."""
    course = find_course(slug)
    if course is None:
        raise NotFound(_("We cannot find that course. The link may be old or cut short."))
    return render_template(
        "public/course.html",
        series=course.series,
        dates=[(each, *_state(each)) for each in course.dates],
        first=course.open_dates[0].event if course.open_dates else None,
        is_one_place=len({each.event.venue_id for each in course.dates}) == 1,
        number=len(course.open_dates),
    )


def _state(date: CourseDate) -> tuple[str, str]:
    """Return the look and the words of how a date stands."""
    event = date.event
    if event.status == EventStatus.CANCELLED:
        return "cancelled", _("This date is cancelled")
    if event.ends_at <= clock.now() and not event.new_date_pending:
        return "past", _("This date is over")
    if event.new_date_pending:
        return "postponed", _("Put off – the new date is not known yet")
    if event.booking_mode == BookingMode.OPEN:
        return "open", words_for.wording(BookingMode.OPEN)
    if event.starts_at <= clock.now():
        return "past", _("This date has started")
    left = 0 if date.waiting else date.left
    return ("full" if left == 0 else "plenty" if left is None or left > 5 else "few"), words_for.places_left(left)
