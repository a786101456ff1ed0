"""How many pupils with SEN each district has: what is known, from where, and a file with newer numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.extensions import transaction
from booking.formats.csv_input import Problem
from booking.formats.district_words import names_of
from booking.formats.pupils_file import COLUMNS
from booking.locality.changes import parts_of
from booking.locality.kinds import Locality
from booking.queries.facts.pupils import published, pupils
from booking.rules.calendar_periods import period_of
from booking.rules.engagement.facts import Pupils
from booking.services.import_pupils import import_pupils
from booking.web.shared.downloads import send_csv
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

SCREEN = "staff.pupils"
_NO_FILE = Problem(1, "", "Choose a file.")


class PupilsForm(HouseForm):
    """A file, and nothing else."""


@staff.get("/figures/pupils", endpoint="pupils")
def pupils_page() -> ResponseReturnValue:
    """Show the numbers that shares are worked out from, and where they are from."""
    return _page()


@staff.post("/figures/pupils")
def bring_in_pupils() -> ResponseReturnValue:
    """Take a file with newer numbers whole, or not at all."""
    if not PupilsForm().validate_on_submit():
        return _page((_NO_FILE,)), 422
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page((_NO_FILE,)), 422
    with transaction():
        done = import_pupils(file.read(), locality=locality(), screen=SCREEN)
    if done.problems:
        return _page(done.problems, done.notes), 422
    flash(f"Brought in: {done.summary}.")
    return redirect(url_for("staff.pupils"), 303)


@staff.get("/figures/pupils.csv")
def pupils_template() -> ResponseReturnValue:
    """Send the file to fill in: its columns, and the numbers that are known."""
    register = locality().register
    rows = (
        (
            register[each.district].name,
            each.year,
            each.sen_support,
            each.ehcp,
            each.source,
            each.published_on.isoformat(),
        )
        for each in published(period_of(clock.today()))
    )
    return send_csv("pupils", COLUMNS, rows)


def _page(problems: tuple[Problem, ...] = (), notes: tuple[str, ...] = ()) -> str:
    area, quarter = locality(), period_of(clock.today())
    known = {each.district: each for each in pupils(quarter, area)}
    return render_template(
        "staff/pupils.html",
        problems=problems,
        notes=notes,
        columns=COLUMNS,
        rows=[(district.name, known.get(district.code)) for district in area.inside_districts],
        missing=_missing(known, area),
        sources=_sources(known, area),
        has_errors=bool(problems),
    )


def _missing(known: Mapping[str, Pupils], area: Locality) -> list[str]:
    """Say why a district that others became has no number yet: it is their sum, in a year with all of theirs."""
    return [
        f"{district.name}: x. It was {names_of(parts)}: bring in the numbers of all of them for one year, or its own."
        for district in area.inside_districts
        if district.code not in known and (parts := parts_of(area.register, district.code))
    ]


def _sources(known: Mapping[str, Pupils], area: Locality) -> list[tuple[str, int, date, list[str]]]:
    """List each source once, with the districts whose numbers are from it."""
    found: dict[tuple[str, int, date], list[str]] = {}
    for each in known.values():
        found.setdefault((each.source, each.year, each.published_on), []).append(area.get_district(each.district).name)
    return [(*source, sorted(districts)) for source, districts in found.items()]
