"""Returns: what is frozen and what waits for it, each version with its files, and freezing a quarter for good."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField
from wtforms.validators import StopValidation

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import let_go, transaction
from booking.formats.figures_file import BREAKDOWN_CODES
from booking.formats.figures_summary import NO_QUARTER_BEFORE, against_before, not_known, what_happened
from booking.formats.figures_words import breakdown_name, category_name
from booking.formats.pdf import PDF_TYPE
from booking.formats.spreadsheets import CSV_TYPE, XLSX_TYPE
from booking.models import Snapshot
from booking.queries.facts.sessions import get_overdue_registers
from booking.queries.snapshots import (
    file_names,
    frozen_figures,
    frozen_returns,
    get_bundle,
    get_version,
    open_registers,
    quarters_to_freeze,
    reopened,
    versions_of,
)
from booking.rules.calendar_periods import Period, freeze_date, parse_period, previous_period
from booking.rules.disclosure import Profile
from booking.rules.figures import Row
from booking.rules.frozen_figures import Change, read
from booking.services.freeze_return import (
    changes_between,
    changes_since,
    check_day,
    freeze_return,
    give_out,
    give_out_file,
    prepare_freeze,
)
from booking.services.make_bundle import PDF
from booking.services.make_return import count_all, lines_before, rows_from
from booking.web.shared.downloads import send_bytes
from booking.web.shared.forms import AtMost, HouseForm, clean_text
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

SCREEN = "staff.one_return"
_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "pdf": PDF_TYPE, "html": "text/html; charset=utf-8"}
_LONGEST_REASON = 500
_SHOWN_CHANGES = 40
"""A page shows so many; the file has them all."""


class FreezeForm(HouseForm):
    """Why, where it needs a reason, and after which version."""

    reason = TextAreaField(
        "Why?",
        description="Everybody reads it on the first page: name nobody, and nothing by which somebody is known.",
        validators=[AtMost(_LONGEST_REASON)],
    )
    after = HiddenField()

    def validate_after(self, field: HiddenField) -> None:
        """Only our own page sends it."""
        if not (field.data or "").isdecimal():
            raise StopValidation("Open this page again, then freeze.")


@staff.get("/figures/returns")
def returns() -> ResponseReturnValue:
    """List the returns that are frozen, and the quarters that wait."""
    latest: dict[str, Snapshot] = {}
    for snapshot in frozen_returns():
        latest.setdefault(snapshot.period, snapshot)
    return render_template(
        "staff/returns.html",
        waiting=quarters_to_freeze(locality()),
        frozen=[(parse_period(code), snapshot) for code, snapshot in latest.items()],
    )


@staff.get("/figures/returns/<code>")
def one_return(code: str) -> ResponseReturnValue:
    """Show a return: what it says, its versions and their files, and what is different today."""
    return _page(_quarter(code))


@staff.route("/figures/returns/<code>/freeze", methods=["GET", "POST"], endpoint="freeze_return")
def freeze(code: str) -> ResponseReturnValue:
    """Show what would be frozen, and freeze it."""
    period = _quarter(code)
    form = FreezeForm()
    if not form.validate_on_submit():
        return _freeze_page(period, form), (422 if form.is_submitted() else 200)
    try:
        ready = prepare_freeze(
            period, reason=form.reason.data or "", after=int(form.after.data or 0), locality=locality()
        )
        let_go()
        with transaction():
            version = freeze_return(ready, screen="staff.freeze_return").version
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _freeze_page(period, form), refusal.status
    flash(f"Frozen as version {version}. It never changes any more.")
    return redirect(url_for("staff.one_return", code=period.code), 303)


@staff.get("/figures/returns/<code>/<int:version>/<name>")
def return_file(code: str, version: int, name: str) -> ResponseReturnValue:
    """Send the public zip of a version, or one file of it, to the last byte."""
    period = _quarter(code)
    snapshot = get_version(period.code, version)
    with transaction():
        if name == "all.zip":
            made = give_out(snapshot, period, profile=Profile.PUBLIC, screen=SCREEN)
            return send_bytes(made.content, made.name, "application/zip")
        content = give_out_file(snapshot, period, name, profile=Profile.PUBLIC, screen=SCREEN)
    stem, _, ending = name.rpartition(".")
    return send_bytes(content, f"{period.code}-v{version}-{stem}.{ending}", _TYPES.get(ending, "application/json"))


@staff.post("/figures/returns/<code>/<int:version>")
def return_bundle(code: str, version: int) -> ResponseReturnValue:
    """Send the zip for partners or for us alone; true numbers need a reason."""
    period = _quarter(code)
    profile = Profile.INTERNAL if request.form.get("profile") == "internal" else Profile.PARTNER
    reason = str(clean_text(request.form.get("reason", "")))[:_LONGEST_REASON]
    try:
        with transaction():
            snapshot = get_version(period.code, version)
            made = give_out(snapshot, period, profile=profile, reason=reason, screen=SCREEN)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(period, problem=refusal.sentence, problem_at=version), refusal.status
    return send_bytes(made.content, made.name, "application/zip")


def _page(period: Period, *, problem: str = "", problem_at: int = 0) -> str:
    versions = versions_of(period.code)
    rows = _frozen_rows(period, versions[-1]) if versions else []
    return render_template(
        "staff/return.html",
        period=period,
        versions=[(each, *_first(_changed(versions, number))) for number, each in enumerate(versions)][::-1],
        **(_first_page(period, rows) if rows else {}),
        today=_first([_said(each) for each in changes_since(period, versions, locality())] if versions else []),
        reopened=reopened(period, versions[-1]) if versions else [],
        overdue=get_overdue_registers(period),
        with_pdf={each.version for each in versions if PDF in file_names(get_bundle(each, Profile.PUBLIC))},
        may_freeze=_may_freeze(period),
        frozen_from=freeze_date(period, locality().bank_holidays),
        problem=problem,
        problem_at=problem_at,
    )


def _freeze_page(period: Period, form: FreezeForm) -> str:
    versions, area = versions_of(period.code), locality()
    rows = rows_from(period, count_all(period, area), profile=Profile.INTERNAL, locality=area)
    form.after.data = str(len(versions))
    return render_template(
        "staff/freeze_return.html",
        period=period,
        form=form,
        version=len(versions) + 1,
        registers=open_registers(period),
        **_first_page(period, rows),
        today=_first([_said(each) for each in changes_since(period, versions, area)] if versions else []),
        may_freeze=_may_freeze(period),
        frozen_from=freeze_date(period, area.bank_holidays),
    )


def _first_page(period: Period, rows: Sequence[Row]) -> dict[str, object]:
    """Give what a return says first, and beside it the quarter before as it was frozen."""
    return {
        "happened": what_happened(rows),
        "compared": against_before(rows, lines_before(period, Profile.INTERNAL)),
        "quarter_before": previous_period(period),
        "no_quarter_before": NO_QUARTER_BEFORE,
        "unknown": not_known(rows),
    }


def _frozen_rows(period: Period, snapshot: Snapshot) -> list[Row]:
    counted = read(json.loads(frozen_figures(snapshot)))
    return rows_from(period, counted, profile=Profile.INTERNAL, locality=locality())


def _changed(versions: Sequence[Snapshot], number: int) -> list[tuple[str, str, str, str]]:
    return [_said(each) for each in changes_between(versions[number - 1], versions[number])] if number else []


def _said(change: Change) -> tuple[str, str, str, str]:
    """Say a change: the figure, where, before, now. Totals are of everybody."""
    letter = _LETTERS.get(change.breakdown, "")
    if not letter or letter == "all":
        return f"{change.metric_id} {change.name}", "In all", change.before, change.after
    where = f"{breakdown_name(letter)}: {category_name(letter, change.category, locality())}"
    return f"{change.metric_id} {change.name}", where, change.before, change.after


_LETTERS = {code: letter for letter, code in BREAKDOWN_CODES.items()}


def _first(found: list[tuple[str, str, str, str]]) -> tuple[list[tuple[str, str, str, str]], int]:
    """Give those that a page shows, totals first, and how many there are."""
    return sorted(found, key=lambda each: each[1] != "In all")[:_SHOWN_CHANGES], len(found)


def _may_freeze(period: Period) -> bool:
    try:
        check_day(period, locality())
    except Refusal:
        return False
    return True


def _quarter(code: str) -> Period:
    try:
        period = parse_period(code)
    except ValueError as error:
        raise NotFound("There is no such quarter.") from error
    if not period.is_quarter or period.code != code or period.start > clock.today():
        raise NotFound("There is no such quarter.")
    return period
