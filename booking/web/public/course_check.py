"""The dates of a course on the check page: what will be booked, and where the family would wait."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from booking.errors import SessionFull
from booking.formats import refusals, words_for
from booking.queries.courses import CourseDate, course_of
from booking.web.public.draft_pages import DraftPage


def chosen_dates(page: DraftPage) -> list[CourseDate]:
    """Return the dates of the course that were chosen, by date; none for a single session."""
    wanted = set(page.answers.of("who").get("dates") or ())
    course = course_of(page.event) if wanted else None
    return [each for each in course.dates if each.event.id in wanted] if course else []


def dates_to_book(page: DraftPage) -> list[int] | None:
    """Return the dates that the sent page showed as to be booked, else all that still can be; None for one session."""
    if not page.answers.of("who").get("dates"):
        return None
    shown = set(request.form.getlist("dates"))
    chosen = chosen_dates(page)
    return [each.event.id for each in chosen if (str(each.event.id) in shown if shown else each.is_open)]


def lines_of(dates: list[CourseDate], *, needed: int) -> list[str]:
    """Say for each date whether it will be a place or the waiting list."""
    return [f"{words_for.day_and_month(each.day)}: {_outlook(each, needed=needed)}" for each in dates]


def full_dates(dates: list[CourseDate], *, needed: int) -> SessionFull | None:
    """Return what is said when some dates have too few places; None when the family fits everywhere."""
    coming = [each for each in dates if each.is_open]
    full = [each for each in coming if not each.has_room(needed)]
    if not full:
        return None
    left = min(0 if each.waiting else each.left or 0 for each in full)
    starts = [each.event.starts_at for each in full]
    return refusals.some_dates_full(starts, others=len(coming) - len(full), left=left)


def button_for(dates: list[CourseDate], full: SessionFull | None, *, needed: int) -> str:
    """Return what the button says: what it will do."""
    if full is None:
        return _("Book these dates")
    if any(each.has_room(needed) for each in dates if each.is_open):
        return _("Book, and join the waiting list")
    return _("Join the waiting lists")


def _outlook(date: CourseDate, *, needed: int) -> str:
    if not date.is_open:
        return _("cannot be booked any more")
    return _("you get a place") if date.has_room(needed) else _("you join the waiting list")
