"""Make the files of a return for one reader: plain sentences first, then tables, charts and how good the data is.

The same rows, facts and moment make the same bytes.
"""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, render_template

from booking import clock
from booking.formats.district_words import counted_across
from booking.formats.figures_book import sheets
from booking.formats.figures_file import figures_csv
from booking.formats.figures_summary import NO_QUARTER_BEFORE, against_before, not_known, what_happened
from booking.formats.figures_words import OF_QUALITY, category_name, figure, interval, sign_meanings, unit_name
from booking.formats.pdf import can_make_pdf, make_pdf
from booking.formats.said_file import COLUMNS as SAID_COLUMNS
from booking.formats.spreadsheets import Value, as_number, csv_file, workbook
from booking.formats.words_for import long_date, short_date
from booking.locality.kinds import Locality
from booking.queries.snapshots import OpenRegister
from booking.rules.calendar_periods import Period, previous_period
from booking.rules.disclosure import SMALLEST_SHOWN, Profile
from booking.rules.engagement.metric import ALL, DEFINITION_VERSION, SECTIONS
from booking.rules.figures import Row
from booking.rules.frozen_figures import Change, Line, sha256

PDF = "summary.pdf"
CHANGES_COLUMNS = ("metric_id", "name", "breakdown", "category", "before", "after")
_CHARTS = (("M06", "D"), ("M05", "K"))
"""The figures that are also drawn, each by what."""
_MADE = (1980, 1, 1, 0, 0, 0)
"""The one time a zip can hold that says nothing: the same data makes the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a return says of itself. Without `frozen_at` it is a draft.

    `reason` is why it was frozen with registers open, or once more; `changes` are what differs from the version before.
    `before` is what the same reader was given of the quarter before, if that is frozen.
    """

    period: Period
    profile: Profile
    version: int
    registers: Sequence[OpenRegister] = ()
    frozen_at: datetime | None = None
    frozen_role: str = ""
    reason: str = ""
    changes: Sequence[Change] = ()
    before: Sequence[Line] = ()

    @property
    def is_rounded(self) -> bool:
        """Return whether counts of people are only near the true ones."""
        return self.profile == Profile.PUBLIC


def make_files(about: About, rows: Sequence[Row], said: Sequence[Sequence[Value]], *, locality: Locality) -> bytes:
    """Make the zip of a return. Without what draws letters, it has no PDF, and says so."""
    locality = locality.on(about.period.end)
    title = _title(about, locality)
    summary = _summary(about, rows, locality)
    first_page = [
        (title, [_mark(about), _protection(about.profile), _whose(locality), *_districts(about, locality)]),
        ("What happened", what_happened(rows, is_rounded=about.is_rounded)),
        (
            "The quarter before",
            [f"{each.name}: {each.before}" for each in against_before(rows, about.before)] or [NO_QUARTER_BEFORE],
        ),
        ("What is not known", [*not_known(rows, is_rounded=about.is_rounded), *_register_lines(about)]),
    ]
    files = {
        "metrics.csv": figures_csv(rows),
        "metrics.xlsx": workbook(title, sheets(rows, first_page=first_page, locality=locality)),
        "summary.html": summary.encode(),
        "you-said-we-did.csv": _csv(SAID_COLUMNS, said),
    }
    if about.version > 1 and about.frozen_at:
        files["changes.csv"] = _csv(CHANGES_COLUMNS, [_change(each) for each in about.changes])
    if can_make_pdf():
        static = Path(current_app.static_folder or "")
        files[PDF] = make_pdf(summary, css="", static=static, pictures={})
    return _zip(files | {"metadata.json": _metadata(about, files, locality)})


def app_version() -> str:
    """Return the version of this code."""
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def _summary(about: About, rows: Sequence[Row], locality: Locality) -> str:
    totals = [row for row in rows if row.breakdown == ALL]
    changed = [each for each in about.changes if each.breakdown == ALL]
    return render_template(
        "returns/summary.html",
        about=about,
        title=_title(about, locality),
        whose=_whose(locality),
        mark=_mark(about),
        protection=_protection(about.profile),
        districts=_districts(about, locality),
        happened=what_happened(rows, is_rounded=about.is_rounded),
        compared=against_before(rows, about.before),
        no_quarter_before=NO_QUARTER_BEFORE,
        period_before=previous_period(about.period).label if about.period.is_quarter else "",
        unknown=not_known(rows, is_rounded=about.is_rounded),
        registers=[(each.title, short_date(each.starts_at)) for each in about.registers],
        quality=[row for row in totals if row.metric.id in OF_QUALITY],
        sections=[
            (name, [row for row in totals if row.metric.section == letter])
            for letter, (name, _numbers) in SECTIONS.items()
        ],
        charts=[_chart(rows, metric_id, by, locality) for metric_id, by in _CHARTS],
        changed=changed,
        figure=figure,
        interval=interval,
        unit_name=unit_name,
        signs=sign_meanings(),
    )


def _chart(rows: Sequence[Row], metric_id: str, by: str, locality: Locality) -> dict[str, Any]:
    """Lay a figure out as a table whose numbers are drawn as well: the longest bar is 100."""
    of_it = [row for row in rows if row.metric.id == metric_id and row.breakdown == by]
    most = max((int(row.value.value or 0) for row in of_it), default=0) or 1
    lines = [
        (category_name(by, row.category, locality), figure(row.value, row.metric), _length(row, most)) for row in of_it
    ]
    return {"id": f"{metric_id}-{by}", "by": by, "name": of_it[0].metric.name if of_it else "", "lines": lines}


def _length(row: Row, most: int) -> int:
    return round(100 * int(row.value.value or 0) / most)


def _title(about: About, locality: Locality) -> str:
    return f"Forums and drop-ins of {locality.brand.name}: {about.period.label}"


def _whose(locality: Locality) -> str:
    """Say whose sessions these were, and for whom."""
    brand = locality.brand
    return (
        f"{brand.long_name} ({brand.name}) holds forums and drop-ins for parents and carers of children with special "
        "educational needs and disabilities (SEND)."
    )


def _mark(about: About) -> str:
    """Say whether it can still change."""
    if about.frozen_at is None:
        return (
            "Draft, not to be handed on. These figures are not frozen: they can still change, and beside the final "
            "ones small numbers could be worked out from them."
        )
    frozen = f"Frozen on {long_date(about.frozen_at)} as version {about.version}."
    return f"{frozen} A correction makes another version, and never changes this one."


def _protection(profile: Profile) -> str:
    k = SMALLEST_SHOWN[profile]
    hidden = (
        f"So that nobody can be recognised, counts of people below {k}, and numbers that would give them away, are "
        "protected (“c”)"
    )
    return {
        Profile.PUBLIC: f"For everybody. {hidden}, other counts of people are rounded to the nearest 5, and "
        "percentages and averages are made from rounded counts.",
        Profile.PARTNER: f"For partners under agreement, not for publication. {hidden}.",
        Profile.INTERNAL: "For ourselves: every number is exact, and a small one can point to a family. Do not show it "
        "or pass it on; there are files for partners and for everybody.",
    }[profile]


def _register_lines(about: About) -> list[str]:
    if not about.registers:
        return []
    named = [f"“{each.title}”, {short_date(each.starts_at)}" for each in about.registers]
    why = [f"Why it was frozen all the same: “{about.reason}”"] if about.frozen_at else []
    return ["Registers that are still open, so that who came may be missing:", *named, *why]


def _districts(about: About, locality: Locality) -> list[str]:
    return counted_across(locality, about.period.start, about.period.end)


def _metadata(about: About, files: dict[str, bytes], locality: Locality) -> bytes:
    period = about.period
    facts: dict[str, Any] = {
        "state": "frozen" if about.frozen_at else "draft",
        "period": {"code": period.code, "label": period.label, "start": str(period.start), "end": str(period.end)},
        "profile": about.profile.value,
        "k": SMALLEST_SHOWN[about.profile],
        "return_version": about.version,
        "frozen_at": about.frozen_at.isoformat(timespec="seconds") if about.frozen_at else None,
        "frozen_by": about.frozen_role or None,
        "reason": about.reason,
        "open_registers": [
            [each.title, clock.in_london(each.starts_at).date().isoformat()] for each in about.registers
        ],
        "definition_version": DEFINITION_VERSION,
        "app_version": app_version(),
        "left_out": [] if PDF in files else [PDF],
        "sha256": {name: sha256(content) for name, content in sorted(files.items())},
    }
    if changes := locality.changes_in(about.period.start, about.period.end):
        facts["districts_on"] = str(about.period.end)
        facts["district_changes"] = [
            {"on": str(each.day), "were": [was.code for was in each.were], "now": each.now.code} for each in changes
        ]
    return json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n"


def _change(change: Change) -> list[Value]:
    shown = (as_number(change.before), as_number(change.after))
    return [change.metric_id, change.name, change.breakdown, change.category, *shown]


def _csv(header: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    return b"".join(csv_file(header, rows))


def _zip(files: dict[str, bytes]) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return page.getvalue()
