"""The figures of workstream 1: a quarter on the screen, and what may be downloaded of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import attendance_file, charts, figures_file
from booking.formats.district_words import counted_across
from booking.formats.figures_summary import headlines
from booking.formats.figures_words import (
    OF_QUALITY,
    breakdown_name,
    categories,
    category_name,
    figure,
    interval,
    sign_meanings,
    unit_name,
)
from booking.formats.spreadsheets import CSV_TYPE
from booking.locality.kinds import Locality
from booking.models import Snapshot
from booking.queries.facts.read import get_facts
from booking.queries.facts.sessions import get_overdue_registers
from booking.queries.figure_trend import Quarter, quarters_until, trend
from booking.queries.snapshots import frozen_figures, latest_of, quarters_to_freeze, reopened, versions_of
from booking.queries.targets import targets_at
from booking.rules.calendar_periods import Period, period_of
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.metric import ALL, SECTIONS
from booking.rules.figures import Row, rows_of
from booking.rules.frozen_figures import read, with_that_day
from booking.rules.other_periods import between, find_period, offered
from booking.rules.targets import of_districts
from booking.services.export_attendance import file_rows, note_export
from booking.services.freeze_return import give_out_file
from booking.services.make_return import figures_for
from booking.web.shared.downloads import send_bytes, send_csv, send_xlsx
from booking.web.shared.forms import clean_text
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.targets import ended_in_words, target_in_words

SCREEN = "staff.figures"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one section of the catalogue by one breakdown: a column each, a line for each category."""

    section: str
    totals: list[Row]
    lines: list[list[Row]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is frozen of a quarter: which version, since when, and what is different today."""

    version: int
    at: datetime
    differ: int
    reopened: list[str]


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
    frozen = latest_of(period.code)
    if frozen is not None and profile != Profile.INTERNAL:
        return _frozen_csv(period, profile)
    try:
        with transaction():
            rows = figures_for(period, profile=profile, locality=locality(), reason=reason, screen=SCREEN)
    except Refusal as refusal:
        return _page(problem=refusal.sentence, typed=profile.value), refusal.status
    state = "" if profile == Profile.INTERNAL else "-draft"
    return send_csv(f"figures-{period.code}-{profile.value}{state}", figures_file.COLUMNS, figures_file.to_values(rows))


def _frozen_csv(period: Period, profile: Profile) -> Response:
    """Send readers outside what was frozen: figures of today beside it could be subtracted."""
    with transaction():
        frozen = latest_of(period.code)
        assert frozen is not None
        content = give_out_file(frozen, period, "metrics.csv", profile=profile, screen=SCREEN)
    return send_bytes(content, f"figures-{period.code}-{profile.value}-v{frozen.version}.csv", CSV_TYPE)


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
    by = _breakdown()
    period, days_problem = _asked_period()
    area = locality().on(period.end)
    periods = quarters_until(period_of(clock.today()))
    counted = count(period, get_facts(period, locality=area), breakdowns={by})
    versions = versions_of(period.code)
    if versions:
        counted = with_that_day(counted, _counted(versions[0]))
    rows = _rows(period, counted, by, area)
    agreed = of_districts(targets_at(period.end), area)
    return render_template(
        "staff/figures.html",
        period=period,
        offered=offered(clock.today(), area.terms),
        days_problem=days_problem,
        first_day=request.values.get("from", ""),
        last_day=request.values.get("to", ""),
        by=by,
        breakdowns=[(letter, breakdown_name(letter)) for letter in BREAKDOWNS],
        headlines=headlines(rows),
        sections=_by_section([row for row in rows if row.breakdown == ALL]),
        tables=_tables(rows, by),
        targets=agreed.of,
        targets_ended=ended_in_words(agreed, area),
        target_in_words=target_in_words,
        district_changes=counted_across(area, period.start, period.end),
        quality_rows=[row for row in rows if row.breakdown == ALL and row.metric.id in OF_QUALITY],
        overdue=get_overdue_registers(period),
        quarters=(over := trend(periods, locality=area)),
        chart=_chart(over),
        figure=figure,
        interval=interval,
        unit_name=unit_name,
        category_name=lambda row: category_name(row.breakdown, row.category, area),
        signs=sign_meanings(),
        problem=problem,
        profile=typed,
        frozen=_frozen(period, versions[-1], rows, by, area) if versions else None,
        waits=period in quarters_to_freeze(area),
    )


def _rows(period: Period, counted: Counted, by: str, area: Locality) -> list[Row]:
    return rows_of(period, counted, profile=Profile.INTERNAL, breakdowns={by}, categories=categories(area))


def _frozen(period: Period, snapshot: Snapshot, rows: list[Row], by: str, area: Locality) -> Frozen:
    """Say what is frozen of a quarter, and how many of the numbers on this page are others today."""
    then = {(row.metric.id, row.breakdown, row.category): row for row in _rows(period, _counted(snapshot), by, area)}
    now = {(row.metric.id, row.breakdown, row.category): row for row in rows}
    differ = sum(_shown(then.get(key)) != _shown(now.get(key)) for key in then.keys() | now.keys())
    return Frozen(snapshot.version, snapshot.frozen_at, differ, [each.title for each in reopened(period, snapshot)])


def _counted(snapshot: Snapshot) -> Counted:
    return read(json.loads(frozen_figures(snapshot)))


def _shown(row: Row | None) -> str:
    return figure(row.value, row.metric) if row else ""


def _by_section(totals: list[Row]) -> list[tuple[str, list[Row]]]:
    return [
        (name, [row for row in totals if row.metric.section == letter]) for letter, (name, _numbers) in SECTIONS.items()
    ]


def _tables(rows: list[Row], by: str) -> list[Table]:
    """Group a breakdown by section; a category that occurs in no figure of a section is left to the file."""
    return [
        Table(section=name, totals=totals, lines=_lines(rows, by, {row.metric.id for row in totals}))
        for name, of_section in _by_section([row for row in rows if row.breakdown == ALL])
        if (totals := [row for row in of_section if by in row.metric.by])
    ]


def _lines(rows: list[Row], by: str, metric_ids: set[str]) -> list[list[Row]]:
    lines: dict[str, list[Row]] = {}
    for row in rows:
        if row.breakdown == by and row.metric.id in metric_ids:
            lines.setdefault(row.category, []).append(row)
    return list(lines.values())


def _chart(quarters: list[Quarter]) -> dict[str, object]:
    values = [(quarter.period.code[2:], quarter.families) for quarter in quarters]
    width, height = charts.size(values)
    return {"bars": charts.bars(values), "width": width, "height": height}


def _period() -> Period:
    text = request.values.get("period", "")
    if not text:
        return period_of(clock.today())
    try:
        return find_period(text, locality().terms)
    except ValueError as error:
        raise NotFound from error


def _asked_period() -> tuple[Period, str]:
    """Give the period that is asked for, and what is wrong with days that somebody typed."""
    first, last = request.values.get("from", "").strip(), request.values.get("to", "").strip()
    if not first and not last:
        return _period(), ""
    try:
        return between(_day(first), _day(last)), ""
    except ValueError as error:
        return _period(), str(error)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("Write both days as 2026-04-10.") from error


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


def _file_rows(period: Period) -> Iterator[list[str | int | None]]:
    return file_rows(locality(), start=clock.start_of_day(period.start), end=clock.end_of_day(period.end))
