"""What figures are meant to come to: what is agreed, by whom and when, and a file that brings in more."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.extensions import transaction
from booking.formats.csv_input import Problem
from booking.formats.district_words import became
from booking.formats.figures_file import BREAKDOWN_CODES
from booking.formats.figures_words import category_name, unit_name
from booking.formats.targets_file import COLUMNS
from booking.formats.words_for import short_date
from booking.locality.kinds import Locality
from booking.queries.targets import targets_at
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.metric import ALL
from booking.rules.targets import Agreed, Of, Target, of_districts
from booking.services.import_targets import import_targets
from booking.web.shared.downloads import send_csv
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

SCREEN = "staff.targets"
_NO_FILE = Problem(1, "", "Choose a file.")
_METRICS = {metric.id: metric for metric in METRICS}


class TargetsForm(HouseForm):
    """A file, and nothing else."""


@staff.get("/figures/targets", endpoint="targets")
def targets_page() -> ResponseReturnValue:
    """Show what is agreed."""
    return _page()


@staff.post("/figures/targets")
def bring_in_targets() -> ResponseReturnValue:
    """Take a file whole, or not at all."""
    if not TargetsForm().validate_on_submit():
        return _page((_NO_FILE,)), 422
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page((_NO_FILE,)), 422
    with transaction():
        done = import_targets(file.read(), locality=locality(), screen=SCREEN)
    if done.problems:
        return _page(done.problems, done.notes), 422
    flash(f"Brought in: {done.summary}.")
    return redirect(url_for("staff.targets"), 303)


@staff.get("/figures/targets.csv")
def targets_template() -> ResponseReturnValue:
    """Send the file to fill in: its columns, and what is agreed."""
    rows = (
        (
            each.metric,
            BREAKDOWN_CODES[each.breakdown],
            each.category,
            f"{each.value.normalize():f}",
            each.agreed_by,
            each.agreed_on.isoformat(),
        )
        for each in targets_at(clock.today()).values()
    )
    return send_csv("targets", COLUMNS, rows)


def target_in_words(target: Target) -> str:
    """Say a target with who agreed it and when."""
    return f"{value_in_words(target)}, agreed by {target.agreed_by} on {short_date(target.agreed_on)}"


def ended_in_words(agreed: Agreed, area: Locality) -> dict[Of, list[str]]:
    """Say why what was agreed is no target any more: its district has ended."""
    return {
        of: [f"x: {target_in_words(each)}, was for a district that ended. {_became(each, area)}." for each in ended]
        for of, ended in agreed.ended.items()
    }


def _became(target: Target, area: Locality) -> str:
    return became(area.register[target.category], area)


def value_in_words(target: Target) -> str:
    """Say the value of a target in the figure's unit."""
    metric = _METRICS[target.metric]
    value = f"{target.value.normalize():,f}"
    return f"{value}%" if metric.unit == "%" else f"{value} {unit_name(metric)}".strip()


def what_for(of: Of, area: Locality) -> str:
    """Say what a target is for: the figure, and the category if it is not for all."""
    metric, breakdown, category = of
    name = _METRICS[metric].name
    return name if breakdown == ALL else f"{name}, {category_name(breakdown, category, area)}"


def _page(problems: tuple[Problem, ...] = (), notes: tuple[str, ...] = ()) -> str:
    area = locality()
    agreed = of_districts(targets_at(clock.today()), area)
    there = sorted(agreed.of.items())
    ended = ended_in_words(agreed, area)
    return render_template(
        "staff/targets.html",
        problems=problems,
        notes=notes,
        columns=COLUMNS,
        rows=[
            (each.metric, what_for(of, area), value_in_words(each), each.agreed_by, short_date(each.agreed_on))
            for of, each in there
        ],
        ended=[f"{what_for(of, area)}: {words}" for of in sorted(ended) for words in ended[of]],
        has_errors=bool(problems),
    )
