"""Change this date and later ones of a series, or all to come, after a look at who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.models import Event
from booking.queries.date_conflicts import Conflicts, Wanted, conflicts_of
from booking.queries.move_impact import MoveImpact, families_at, impact_of_move
from booking.queries.staff_courses import get_series
from booking.queries.staff_sessions import get_session
from booking.queries.venues import find_venue
from booking.rules.double_bookings import stay_of
from booking.rules.permissions import Action
from booking.rules.words import EventStatus
from booking.services.change_series import (
    SeriesChange,
    change_between,
    change_series,
    may_be_changed,
    plan_after,
)
from booking.services.record_audit import record_view
from booking.services.require_seen import EditedMeanwhile, version_of
from booking.services.save_session import SessionPlan
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.edit_conflict import Difference, differences, look_again
from booking.web.staff.session_forms import DetailsForm, PlanForm, details_values, plan_values, ready

LATER, ALL = "later", "all"


class DatesForm(PlanForm, DetailsForm):
    """Everything that several dates can have in common, filled from one of them."""

    which = RadioField(
        _l("Which dates?"),
        choices=[
            SelectChoice(LATER, _l("This date and those after it")),
            SelectChoice(ALL, _l("All dates to come")),
        ],
        default=LATER,
    )


@dataclass(frozen=True)
class Date:
    """One date before and after; `impact` is who is told, None of a draft."""

    event: Event
    plan: SessionPlan
    impact: MoveImpact | None
    conflicts: Conflicts
    seen: str


@staff.route("/sessions/<int:event_id>/dates", methods=["GET", "POST"])
def edit_dates(event_id: int) -> ResponseReturnValue:
    """Ask what is different from now on, show what becomes of each date, then change them all."""
    event = _of_series(event_id)
    form = _form(event)
    step = request.form.get("step", "preview")
    if not form.is_submitted() or step == "edit" or not (form.validate() and form.check_times()):
        return _show(form, event)
    change = change_between(event, form.plan(), form.details())
    if change.is_nothing:
        form.refuse(None, _("Nothing is different. Change something first."))
        return _show(form, event)
    try:
        if step != "send":
            return _preview(form, event, change)
        numbers = [each.id for each in _chosen(event, form)]
        with transaction():
            change_series(numbers, change, seen=_seen(numbers), clash_reason=form.clash_reason.data or "")
    except EditedMeanwhile as conflict:
        event = _of_series(event_id)
        look_again(form, event)
        form.refuse(None, conflict.sentence)
        return _show(form, event, status=409, changed=differences(form, _form(event, formdata=None)))
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _show(form, _of_series(event_id), status=refusal.status)
    flash(ngettext("%(num)d date is changed.", "%(num)d dates are changed.", len(numbers)))
    return redirect(url_for("staff.course", series_id=_of_series(event_id).series_id), 303)


def _of_series(event_id: int) -> Event:
    event = get_session(event_id)
    if event.series_id is None:
        raise NotFound("This session is on its own: there are no other dates.")
    return event


def _form(event: Event, **kwargs: object) -> DatesForm:
    form: DatesForm = ready(DatesForm(data=plan_values(event) | details_values(event), **kwargs), locality(), event)
    return form


def _chosen(event: Event, form: DatesForm) -> list[Event]:
    """Return the dates that are changed: those to come that this person may change."""
    mine = sessions_within(Action.EDIT_SESSIONS)
    events = [each for each in get_series(event.series_id or 0).events if may_be_changed(each)]
    if form.which.data == LATER:
        events = [each for each in events if each.starts_at >= event.starts_at]
    return [each for each in events if is_among(each.id, mine)]


def _seen(numbers: Sequence[int]) -> dict[int, str]:
    return {number: request.form.get(f"seen-{number}", "") for number in numbers}


def _preview(form: DatesForm, event: Event, change: SeriesChange) -> ResponseReturnValue:
    event_id = event.id
    if form.seen.data != version_of(event):
        raise EditedMeanwhile("A colleague changed this session while you were typing. Nothing of yours is lost.")
    with transaction():
        record_view(screen="staff.edit_dates", subject_type="event", subject_id=event_id)
    event = _of_series(event_id)
    dates = _dates(_chosen(event, form), change)
    if not dates:
        form.refuse("which", _("None of these dates is to come."))
        return _show(form, event)
    told = [each.impact for each in dates if each.impact]
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")]
    return render_template(
        "staff/dates_check.html",
        form=form,
        event=event,
        dates=dates,
        carried=[each for each in carried if each[0] != "clash_reason" and not each[0].startswith("seen-")],
        changes=differences(form, _form(event, formdata=None)),
        families=families_at([each.event.id for each in dates if each.impact]),
        to_ring={(family.who, family.phone): family for each in told for family in each.to_ring}.values(),
        broken=[lost for each in told for lost in each.broken],
        is_taken=any(each.conflicts.taken for each in dates),
    )


def _dates(events: Sequence[Event], change: SeriesChange) -> list[Date]:
    plans = [plan_after(each, change) for each in events]
    found = conflicts_of([_wanted(plan) for plan in plans], but_for=[each.id for each in events])
    return [
        Date(event, plan, _impact(event, plan, change), conflicts, version_of(event))
        for event, plan, conflicts in zip(events, plans, found, strict=True)
    ]


def _wanted(plan: SessionPlan) -> Wanted:
    stay = stay_of(plan)
    venue = find_venue(stay.venue_id) if stay else None
    return Wanted(plan.starts_at, plan.ends_at, stay, venue.district if venue else None)


def _impact(event: Event, plan: SessionPlan, change: SeriesChange) -> MoveImpact | None:
    """Return who is told: nobody of a draft, and nobody where only details change."""
    is_move = change.plan or change.days or change.starts or change.ends
    if event.status == EventStatus.DRAFT or not is_move:
        return None
    return impact_of_move(
        event,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        delivery=plan.delivery,
        venue_id=plan.venue_id,
        locality=locality(),
    )


def _show(
    form: DatesForm, event: Event, *, status: int = 0, changed: list[Difference] | None = None
) -> ResponseReturnValue:
    code = status or (422 if form.errors else 200)
    page = render_template(
        "staff/dates.html", form=form, event=event, changed=changed or [], has_errors=code in (409, 422)
    )
    return page, code
