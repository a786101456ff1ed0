"""Repeat a session by a rule: every date is shown with what is in its way before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Event
from booking.queries.date_conflicts import Conflicts, Wanted, conflicts_of
from booking.queries.staff_sessions import get_session
from booking.rules.recurrence import MOST_DATES, RepeatDay, TooManyDates, days_after
from booking.rules.words import Delivery
from booking.services.copy_session import span_of_copy, stay_of_copy
from booking.services.repeat_session import repeat_session as repeat
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.repeat_forms import RepeatForm, RuleForm, rule_form


@dataclass(frozen=True)
class Line:
    """A date on offer and what speaks against it."""

    day: RepeatDay
    conflicts: Conflicts

    @property
    def is_proposed(self) -> bool:
        """Tell whether it has a tick before anybody chooses."""
        return not self.day.is_skipped and not self.conflicts.taken


@staff.route("/sessions/<int:event_id>/repeat", methods=["GET", "POST"])
def repeat_session(event_id: int) -> ResponseReturnValue:
    """Ask for the rule, show all its dates, and make drafts of those with a tick."""
    event, rule = get_session(event_id), rule_form()
    lines = _lines(event, rule)
    form = RepeatForm(data={"title": event.series.title if event.series else event.title})
    form.days.choices = [SelectChoice(line.day.day.isoformat(), "") for line in lines]
    if not form.is_submitted():
        form.days.data = [line.day.day.isoformat() for line in lines if line.is_proposed]
    if form.validate_on_submit() and not rule.errors:
        try:
            with transaction():
                reason, together = form.clash_reason.data or "", form.together.data == "yes"
                title = form.title.data or event.title
                made = repeat(event_id, title=title, days=form.chosen(), together=together, clash_reason=reason)
                series_id = made.id
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            number = len(form.chosen())
            said = ngettext("%(num)d draft is made.", "%(num)d drafts are made.", number)
            flash(f"{said} {_('Nobody can see them until you publish them.')}")
            return redirect(url_for("staff.course", series_id=series_id), 303)
    has_errors = bool(form.errors or rule.errors)
    event = get_session(event_id)
    page = render_template(
        "staff/repeat.html", event=event, rule=rule, form=form, lines=lines, here=_here(), has_errors=has_errors
    )
    return page, 422 if has_errors else 200


@staff.get("/sessions/<int:event_id>/course")
def make_course(event_id: int) -> ResponseReturnValue:
    """Lead an old address on."""
    return redirect(url_for("staff.repeat_session", event_id=event_id), 301)


def _lines(event: Event, rule: RuleForm) -> list[Line]:
    """Return the dates of the rule with what is in their way; none for a rule that says why it cannot be."""
    if not rule.validate():
        return []
    try:
        days = _days(event, rule)
    except TooManyDates:
        rule.refuse("number" if rule.ends.data == "number" else "until", _too_many())
        return []
    found = conflicts_of([_wanted(event, each.day) for each in days])
    return [Line(day, conflicts) for day, conflicts in zip(days, found, strict=True)]


def _too_many() -> str:
    return _("That makes too many dates to look through. At most %(most)d can be made at once.", most=MOST_DATES)


def _days(event: Event, rule: RuleForm) -> Sequence[RepeatDay]:
    own = event.series.events if event.series else [event]
    return days_after(
        clock.in_london(event.starts_at).date(),
        rule.rule(),
        terms=locality().terms,
        bank_holidays=locality().bank_holidays,
        taken=[clock.in_london(each.starts_at).date() for each in own],
        after=clock.today(),
    )


def _wanted(event: Event, day: date) -> Wanted:
    district = event.venue.district if event.venue and event.delivery != Delivery.ONLINE else None
    return Wanted(*span_of_copy(event, on=day), stay_of_copy(event, on=day), district)


def _here() -> str:
    """Return this page with its rule, where the ticks are sent to."""
    query = request.query_string.decode("ascii", "ignore")
    return request.path + (f"?{query}" if query else "")
