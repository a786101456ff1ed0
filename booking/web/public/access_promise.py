"""The access promise: what families asked for, and whether it was there; as a page, and as files for re-use."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.formats.access_promise_file import COLUMNS, DICTIONARY, promise_json, promise_line
from booking.queries.access_promise import published_quarters, published_years
from booking.rules.access_promise import YEAR, PromiseRow, promise_kept
from booking.web.public.blueprint import public
from booking.web.shared.downloads import send_csv
from booking.web.shared.settings import locality, settings


@public.get("/access-promise")
def access_promise() -> ResponseReturnValue:
    """Show the year so far, and each of its quarters."""
    years = published_years()
    year = _year(years)
    quarters = published_quarters(year) if year else []
    rows = promise_kept(quarters, list(_group_names())) if quarters else []
    tables = [
        (quarter.label if quarter else "", [row for row in rows if row.period == code])
        for code, quarter in [(YEAR, None), *((each.period.code, each.period) for each in quarters)]
    ]
    return render_template(
        "public/access_promise.html",
        year=year,
        years=years,
        quarters=[each.period for each in quarters],
        tables=tables if rows else [],
        group_names={"all": _("All together"), **{code: _(name) for code, name in _group_names().items()}},
        dictionary=DICTIONARY,
    )


@public.get("/access-promise.csv")
def access_promise_csv() -> Response:
    """Send the same as a file."""
    year, rows = _rows()
    return send_csv(f"access-promise-{year}", COLUMNS, map(promise_line, rows))


@public.get("/access-promise.json")
def access_promise_json() -> Response:
    """Send the same as JSON, with its dictionary."""
    year, rows = _rows()
    source = settings().public_url + url_for("public.access_promise", year=year)
    return jsonify(promise_json(rows, year=year, group_names=_group_names(), source=source))


def _rows() -> tuple[str, list[PromiseRow]]:
    year = _year(published_years())
    if not year:
        raise NotFound(_("No figures are published yet."))
    return year, promise_kept(published_quarters(year), list(_group_names()))


def _year(years: list[str]) -> str:
    """Return the year that is asked for, or the latest; "" where none is published. Raise NotFound for another."""
    asked = request.args.get("year", "")
    if asked and asked not in years:
        raise NotFound(_("No figures of this year are published."))
    return asked or (years[0] if years else "")


def _group_names() -> dict[str, str]:
    return {group.code: group.label for group in locality().need_groups}
