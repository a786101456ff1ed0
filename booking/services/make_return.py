"""Make a return: the figures of a period for one reader, as a zip whose bytes depend on the data alone."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import render_template

from booking.errors import Refusal
from booking.formats.figures_file import COLUMNS, to_values
from booking.formats.figures_words import categories, category_name, figure, headlines, sign_meanings
from booking.formats.spreadsheets import csv_file
from booking.locality.kinds import Locality
from booking.queries.facts.read import get_facts
from booking.queries.facts.sessions import get_overdue_registers
from booking.rules.calendar_periods import Period
from booking.rules.disclosure import SMALLEST_SHOWN, Profile
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import count
from booking.rules.engagement.metric import DEFINITION_VERSION
from booking.rules.figures import Row, rows_of
from booking.services.record_audit import record_audit

_MADE = (1980, 1, 1, 0, 0, 0)
"""The one time a zip can hold that says nothing: the same data makes the same bytes."""


@dataclass(frozen=True, slots=True)
class MadeReturn:
    """A return: its file name and its bytes."""

    name: str
    content: bytes
    sha256: str


def figures_for(period: Period, *, profile: Profile, locality: Locality, reason: str = "", screen: str) -> list[Row]:
    """Count a period for one reader and write down that it left the house. Raise Refusal when it may not.

    Internal figures need a reason. Figures of a whole year could be subtracted from its quarters, so only
    quarters are made for readers outside.
    """
    if profile == Profile.INTERNAL and not reason.strip():
        raise Refusal("Say why you need the internal figures: true counts can point to families.", field="reason")
    if profile != Profile.INTERNAL and not period.is_quarter:
        raise Refusal("Figures for readers outside are made by the quarter, so that no two can be subtracted.")
    rows = rows_for(period, profile=profile, locality=locality)
    facts = {"period": period.code, "profile": profile.value}
    record_audit("export_figures", screen=screen, subject_type="period", reason=reason.strip(), facts=facts)
    return rows


def rows_for(period: Period, *, profile: Profile, locality: Locality) -> list[Row]:
    """Count a period with every permitted breakdown and protect it for one reader."""
    counted = count(period, get_facts(period, period, locality=locality), breakdowns=tuple(BREAKDOWNS))
    return rows_of(period, counted, profile=profile, breakdowns=tuple(BREAKDOWNS), categories=categories(locality))


def make_return(
    period: Period,
    *,
    profile: Profile,
    locality: Locality,
    reason: str = "",
    kept: Callable[[str], bytes | None] = lambda _name: None,
) -> MadeReturn:
    """Make the zip of a return: `metrics.csv`, `summary.html` and `metadata.json`.

    `kept` gives the bytes of a return that is there already under a name: one that says something else is
    never replaced, the next version is made instead.
    """
    rows = figures_for(period, profile=profile, locality=locality, reason=reason, screen="command")
    files = {
        "metrics.csv": b"".join(csv_file(COLUMNS, to_values(rows))),
        "summary.html": _summary(period, rows, profile, locality).encode(),
    }
    for version in itertools.count(1):
        name = f"return-{period.code}-v{version}.zip"
        content = _zip(files | {"metadata.json": _metadata(period, profile, version, files)})
        if kept(name) in (None, content):
            return MadeReturn(name, content, hashlib.sha256(content).hexdigest())
    raise AssertionError("versions do not run out")


def _summary(period: Period, rows: list[Row], profile: Profile, locality: Locality) -> str:
    return render_template(
        "returns/summary.html",
        period=period,
        profile=profile.value,
        k=SMALLEST_SHOWN[profile],
        headlines=headlines(rows),
        totals=[row for row in rows if row.breakdown == "all"],
        by_district=[row for row in rows if row.metric.id == "M06" and row.breakdown == "D"],
        completeness=next(row for row in rows if row.metric.id == "M21" and row.breakdown == "all"),
        open_registers=len(get_overdue_registers(period)),
        figure=figure,
        category_name=lambda row: category_name(row.breakdown, row.category, locality),
        signs=sign_meanings(),
    )


def _metadata(period: Period, profile: Profile, version: int, files: dict[str, bytes]) -> bytes:
    facts = {
        "period": {"code": period.code, "label": period.label, "start": str(period.start), "end": str(period.end)},
        "profile": profile.value,
        "k": SMALLEST_SHOWN[profile],
        "return_version": version,
        "definition_version": DEFINITION_VERSION,
        "app_version": _app_version(),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n"


def _zip(files: dict[str, bytes]) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return page.getvalue()


def _app_version() -> str:
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
