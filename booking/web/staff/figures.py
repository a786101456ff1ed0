"""The figures of workstream 1: a quarter on the screen, and what may be downloaded of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import attendance_file, charts, figures_file
from booking.formats.figures_words import breakdown_name, categories, category_name, figure, headlines, sign_meanings
from booking.formats.spreadsheets import Value
from booking.queries.figure_trend import Quarter, quarters_until, trend
from booking.queries.figures import get_facts, get_overdue_registers
from booking.rules.calendar_periods import Period, parse_period, period_of
from booking.rules.disclosure import Profile, percent
from booking.rules.engagement import ALL, UNKNOWN, Cell, count
from booking.rules.figures import Row, rows_of
from booking.rules.metrics import BREAKDOWNS
from booking.services.export_attendance import file_rows, note_export
from booking.services.make_return import figures_for
from booking.web.shared.downloads import send_csv, send_xlsx
from booking.web.shared.forms import clean_text
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

SCREEN = "staff.figures"
_WITH_ANSWERS = frozenset("ASN")
"""Breakdowns by the sealed answers about the child; only they open them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One figure by one breakdown."""

    row: Row
    rows: list[Row]


@staff.get("/figures")
def figures() -> ResponseReturnValue:
    """Show a quarter: sentences, all figures, one breakdown, the trend over nine quarters."""
    return _page(problem="", typed="")


@staff.route("/figures.csv", methods=["GET", "POST"])
def figures_csv() -> ResponseReturnValue:
    """Send a quarter's figures: the public ones, or by a form others (internal ones with a reason)."""
    period = _period()
    profile = _profile(request.form.get("profile")) if request.method == "POST" else Profile.PUBLIC
    reason = str(clean_text(request.form.get("reason", "")))[:500]
    try:
        with transaction():
            rows = figures_for(period, profile=profile, locality=locality(), reason=reason, screen=SCREEN)
    except Refusal as refusal:
        return _page(problem=refusal.sentence, typed=profile.value), refusal.status
    return send_csv(f"figures-{period.code}-{profile.value}", figures_file.COLUMNS, figures_file.to_values(rows))


@staff.get("/figures/attendance.csv")
def figures_attendance_csv() -> Response:
    """Send every place of the quarter as CSV; families are random keys."""
    period = _noted_period()
    return send_csv(f"attendance-{period.code}", attendance_file.COLUMNS, _file_rows(period))


@staff.get("/figures/attendance.xlsx")
def figures_attendance_xlsx() -> Response:
    """Send every place of the quarter as XLSX."""
    period = _noted_period()
    return send_xlsx(f"attendance-{period.code}", "Attendance", attendance_file.COLUMNS, _file_rows(period))


def _page(*, problem: str, typed: str) -> str:
    area, period, by = locality(), _period(), _breakdown()
    periods = quarters_until(period_of(clock.today()))
    facts = get_facts(
        min(periods[0], period), max(periods[-1], period), locality=area, with_profile=by in _WITH_ANSWERS
    )
    counts = count(
        period,
        sessions=facts.sessions,
        places=facts.places,
        attended_on=facts.attended_on,
        wishes=facts.wishes,
        breakdowns={by, "D"},
    )
    rows = rows_of(period, counts, profile=Profile.INTERNAL, breakdowns={by}, categories=categories(area))
    return render_template(
        "staff/figures.html",
        period=period,
        periods=periods[::-1],
        by=by,
        breakdowns=[(letter, breakdown_name(letter)) for letter in BREAKDOWNS],
        headlines=headlines(rows),
        totals=[row for row in rows if row.breakdown == ALL],
        tables=_tables(rows, by),
        unknown_district=_unknown_district(counts),
        overdue=get_overdue_registers(period),
        quarters=(over := trend(periods, facts)),
        chart=_chart(over),
        figure=figure,
        category_name=lambda row: category_name(row.breakdown, row.category, area),
        signs=sign_meanings(),
        problem=problem,
        profile=typed,
    )


def _tables(rows: list[Row], by: str) -> list[Table]:
    """Group a breakdown by figure; categories that occur in no figure of it are left to the file."""
    totals = {row.metric.id: row for row in rows if row.breakdown == ALL}
    tables = [
        Table(total, [row for row in rows if row.metric.id == metric_id and row.breakdown == by])
        for metric_id, total in totals.items()
    ]
    return [table for table in tables if table.rows]


def _unknown_district(counts: dict[Cell, int]) -> str:
    families = counts[Cell("families")]
    if not families:
        return ""
    return f"{percent(counts.get(Cell('families', 'D', UNKNOWN), 0), families, places=1)}%"


def _chart(quarters: list[Quarter]) -> dict[str, object]:
    values = [(quarter.period.code[2:], quarter.families) for quarter in quarters]
    width, height = charts.size(values)
    return {"bars": charts.bars(values), "width": width, "height": height}


def _period() -> Period:
    text = request.values.get("period", "")
    if not text:
        return period_of(clock.today())
    try:
        return parse_period(text)
    except ValueError as error:
        raise NotFound from error


def _breakdown() -> str:
    letter = request.values.get("by", "D")
    return letter if letter in BREAKDOWNS else "D"


def _profile(text: str | None) -> Profile:
    return Profile(text) if text in set(Profile) else Profile.PUBLIC


def _noted_period() -> Period:
    period = _period()
    with transaction():
        note_export(screen=SCREEN, reason="figures of the period", period=period.code)
    return period


def _file_rows(period: Period) -> Iterator[list[Value]]:
    return file_rows(locality(), start=clock.start_of_day(period.start), end=clock.end_of_day(period.end))
