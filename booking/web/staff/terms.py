"""Copy a term's programme to another term: every session with its new date and what is in its way, then drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Event, Venue
from booking.queries.date_conflicts import Conflicts, Wanted, conflicts_of
from booking.queries.term_programme import MOST, planned_already, programme_of
from booking.queries.venues import venue_choices, venues_named
from booking.rules.calendar_periods import NoSchool, no_school
from booking.rules.double_bookings import stay_of
from booking.rules.permissions import Action
from booking.rules.term_copies import Planned, days_around, is_in_each_others_way, is_near, same_day_of
from booking.services.copy_programme import WantedCopy, copy_programme
from booking.services.copy_session import span_of_copy, stay_of_copy
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.term_forms import CopiesForm, SpanForm, span_form


@dataclass(frozen=True)
class Line:
    """One session, the day its copy is on, and what speaks against that."""

    event: Event
    day: date
    days: Sequence[date]
    venue: Venue | None
    conflicts: Conflicts
    bank_holiday: str
    no_school: NoSchool | None
    is_there: bool
    others_in_room: Sequence[Event]
    others_near: Sequence[Event]

    @property
    def is_proposed(self) -> bool:
        """Tell whether it has a tick before anybody chooses."""
        speaks_against = self.bank_holiday or self.no_school or self.conflicts.taken or self.is_there
        return bool(self.days) and not speaks_against and not (self.venue and self.venue.archived_at)


@staff.route("/sessions/copy-term", methods=["GET", "POST"])
def copy_term() -> ResponseReturnValue:
    """Ask for the terms, show every session with its new date, and make drafts of those with a tick."""
    span = span_form()
    form = CopiesForm()
    lines = _lines(span) if span.validate() else []
    if not form.is_submitted():
        form.copy.data = [line.event.id for line in lines if line.is_proposed]
    step = request.form.get("step", "save")
    if form.is_submitted() and step == "save" and not span.errors and form.validate():
        ticked = [line for line in lines if line.event.id in (form.copy.data or ())]
        wanted = [WantedCopy(event_id=each.event.id, on=each.day, venue_id=_id(each.venue)) for each in ticked]
        try:
            with transaction():
                number = len(copy_programme(wanted, clash_reason=form.clash_reason.data or ""))
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            lines = _lines(span)
        else:
            flash(ngettext("%(num)d draft is made.", "%(num)d drafts are made.", number))
            return redirect(url_for("staff.drafts"), 303)
    has_errors = bool(form.errors or span.errors)
    page = render_template(
        "staff/copy_term.html",
        span=span,
        form=form,
        lines=lines,
        venues=_venues_of(lines),
        choices=venue_choices(),
        instead=_instead(),
        here=_here(),
        is_cut=len(lines) >= MOST,
        has_errors=has_errors,
    )
    return page, 422 if has_errors else 200


def _lines(span: SpanForm) -> list[Line]:
    mine = sessions_within(Action.EDIT_SESSIONS)
    events = [each for each in programme_of(*span.copied) if is_among(each.id, mine)]
    venues = {venue.id: venue for venue in venues_named(_instead().values())}
    source, target = span.copied[0], span.new_start
    days = [_day(each, same_day_of(_day_of(each), source=source, target=target)) for each in events]
    places = [_venue_of(each, venues) for each in events]
    wanted = [_wanted(*each) for each in zip(events, days, places, strict=True)]
    found = conflicts_of(wanted)
    there = planned_already([each.starts_at for each in wanted])
    planned = [Planned(each.day, each.stay, each.district) for each in wanted]
    counting = _counting(events)
    lines = []
    for number, event in enumerate(events):
        others = [(planned[other], events[other]) for other in counting if other != number]
        in_room = [each for plan, each in others if is_in_each_others_way(planned[number], plan)]
        proposed = same_day_of(_day_of(event), source=source, target=target)
        lines.append(
            Line(
                event=event,
                day=days[number],
                days=days_around(proposed, after=clock.today()),
                venue=places[number],
                conflicts=found[number],
                bank_holiday=locality().bank_holidays.get(days[number], ""),
                no_school=no_school(days[number], locality().terms),
                is_there=(event.title, wanted[number].starts_at) in there,
                others_in_room=in_room,
                others_near=[each for plan, each in others if is_near(planned[number], plan) and each not in in_room],
            )
        )
    return lines


def _counting(events: Sequence[Event]) -> list[int]:
    """Return which of the copies count for the others: all before anybody chooses, then those with a tick."""
    ticked = set(request.form.getlist("copy")) if "step" in request.form else {str(each.id) for each in events}
    return [number for number, event in enumerate(events) if str(event.id) in ticked]


def _wanted(event: Event, day: date, venue: Venue | None) -> Wanted:
    is_in_a_room = stay_of(event) is not None
    return Wanted(
        *span_of_copy(event, on=day),
        stay_of_copy(event, on=day, venue_id=_id(venue)),
        venue.district if venue and is_in_a_room else None,
    )


def _day_of(event: Event) -> date:
    return clock.in_london(event.starts_at).date()


def _day(event: Event, proposed: date) -> date:
    """Return the day that somebody chose for the copy, if it is one of those on offer, else the one proposed."""
    chosen = request.form.get(f"day-{event.id}", "")
    return next((day for day in days_around(proposed, after=clock.today()) if day.isoformat() == chosen), proposed)


def _instead() -> dict[int, int]:
    """Return which venue takes the place of which."""
    chosen = {}
    for name, value in request.form.items():
        old = name.removeprefix("venue-")
        if old != name and old.isascii() and old.isdigit() and value.isascii() and value.isdigit() and len(value) < 10:
            chosen[int(old[:10])] = int(value)
    return chosen


def _venue_of(event: Event, venues: dict[int, Venue]) -> Venue | None:
    if stay_of(event) is None or event.venue is None:
        return None
    return venues.get(_instead().get(event.venue.id, 0), event.venue)


def _venues_of(lines: Sequence[Line]) -> list[tuple[Venue, int]]:
    """Return the venues of the sessions that are copied, with how many each has, by name."""
    found: dict[int, tuple[Venue, int]] = {}
    for line in lines:
        if line.event.venue is not None and stay_of(line.event) is not None:
            venue, number = found.get(line.event.venue.id, (line.event.venue, 0))
            found[venue.id] = (venue, number + 1)
    return sorted(found.values(), key=lambda each: each[0].name)


def _id(venue: Venue | None) -> int | None:
    return venue.id if venue else None


def _here() -> str:
    """Return this page with its terms, where the ticks are sent to."""
    query = request.query_string.decode("ascii", "ignore")
    return request.path + (f"?{query}" if query else "")
