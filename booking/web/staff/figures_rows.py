"""What a figure counts: the sessions behind it, and for who may see them, the bookings at one of these."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from booking.extensions import transaction
from booking.formats.district_words import counted_across
from booking.formats.figures_words import categories, category_name, figure
from booking.queries.facts.read import get_facts
from booking.queries.rows_behind import BookingRow, OtherRows, SessionRows, bookings_at, by_session, of_no_session
from booking.rules.calendar_periods import Period
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import Thing, count, things_behind
from booking.rules.engagement.facts import Facts
from booking.rules.engagement.metric import ALL, Cell, Metric, Shape
from booking.rules.figures import Row, rows_of
from booking.rules.other_periods import find_period
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.web.shared.access import may_now
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff


@dataclass(frozen=True, slots=True)
class Part:
    """One of the numbers that a figure is made of: above or below the line, and what is behind it."""

    is_above: bool
    number: int
    sessions: list[SessionRows]
    others: list[OtherRows]


@staff.get("/figures/rows")
def figures_rows() -> ResponseReturnValue:
    """Show the sessions behind a figure, each with how much it adds."""
    period, row, facts = _asked()
    parts = [_part(row, place, facts, things_behind(period, facts, place)) for place in _places(row)]
    return render_template(
        "staff/figures_rows.html",
        row=row,
        period=period,
        parts=parts,
        category=_category(row),
        district_changes=counted_across(locality(), period.start, period.end) if row.breakdown in ("D", "V") else [],
        figure=figure,
        may_see=lambda event_id: may_now(Action.SEE_BOOKINGS, event_id),
        asked=_address(period, row),
    )


@staff.get("/figures/rows/<int:event_id>")
def figures_bookings(event_id: int) -> ResponseReturnValue:
    """Show the bookings at one session that a figure counts; the look is kept."""
    period, row, facts = _asked()
    found: list[BookingRow] = []
    title = ""
    for place in _places(row):
        things = things_behind(period, facts, place)
        for session in by_session(things, facts, is_broken_down=row.breakdown != ALL):
            if session.event_id == event_id and session.has_bookings:
                title = session.title
                found += [each for each in bookings_at(things, event_id) if each not in found]
    if not found:
        raise NotFound
    with transaction():
        record_view(
            screen="staff.figures_bookings",
            subject_type="event",
            subject_id=event_id,
            shown=[each.booking_id for each in found],
        )
    return render_template(
        "staff/figures_bookings.html",
        row=row,
        period=period,
        title=title,
        bookings=found,
        category=_category(row),
        asked=_address(period, row),
    )


def _address(period: Period, row: Row) -> dict[str, str]:
    """Give what stands in the address of a figure."""
    return {"period": period.code, "metric": row.metric.id, "by": row.breakdown, "category": row.category}


def _asked() -> tuple[Period, Row, Facts]:
    """Read which figure is asked for and count it. Raise NotFound for one that there is not."""
    by, category = request.args.get("by", ALL), request.args.get("category", ALL)
    metric = next((each for each in METRICS if each.id == request.args.get("metric")), None)
    if metric is None or metric.shape == Shape.NOT_COLLECTED or by not in (ALL, *metric.by):
        raise NotFound
    try:
        period = find_period(request.args.get("period", ""), locality().terms)
    except ValueError as error:
        raise NotFound from error
    area = locality().on(period.end)
    if by in ("D", "V"):  # a link of before a district ended leads on
        category = area.code_of(category) or category
    facts = get_facts(period, locality=area)
    counted = count(period, facts, breakdowns={by} - {ALL}, only=[metric])
    rows = rows_of(period, counted, profile=Profile.INTERNAL, breakdowns={by} - {ALL}, categories=categories(area))
    for row in rows:
        if (row.metric.id, row.breakdown, row.category) == (metric.id, by, category):
            return period, row, facts
    raise NotFound


def _places(row: Row) -> list[Cell]:
    """Give the numbers that a figure is made of: the one above the line first."""
    metric, at = row.metric, (row.breakdown, row.category)
    places = [Cell(metric.numerator, *at)]
    if metric.denominator and not _is_of_pupils(metric):
        below = metric.denominator_breakdown(row.breakdown)
        places.append(Cell(metric.denominator, below, row.category if below == row.breakdown else ALL))
    return places


def _is_of_pupils(metric: Metric) -> bool:
    return metric.shape in (Shape.PER_1000, Shape.RATIO)


def _part(row: Row, place: Cell, facts: Facts, things: list[Thing]) -> Part:
    return Part(
        is_above=place.measure == row.metric.numerator,
        number=sum(thing.weight for thing in things),
        sessions=by_session(things, facts, is_broken_down=row.breakdown != ALL),
        others=of_no_session(things),
    )


def _category(row: Row) -> str:
    return "" if row.breakdown == ALL else category_name(row.breakdown, row.category, locality().on(row.period.end))
