"""Figures as a long table, one figure in one category a row, with codes that do not change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from booking.formats.spreadsheets import Value, csv_file, from_neutral
from booking.rules.disclosure import Shown
from booking.rules.figures import Row
from booking.rules.frozen_figures import Line

COLUMNS = (
    "metric_id",
    "name",
    "period",
    "breakdown",
    "category",
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "flag",
    "definition_version",
    "interval_low",
    "interval_high",
)
BREAKDOWN_CODES = {
    "all": "all",
    "D": "residence_district",
    "V": "venue_district",
    "K": "kind",
    "L": "delivery",
    "T": "time_band",
    "Q": "school_time",
    "B": "lead_time",
    "H": "has_need",
    "F": "times_came",
    "G": "need_group",
    "Y": "family_cancel_reason",
    "O": "origin",
    "A": "age_phase",
    "S": "support",
    "N": "need_area",
    "P": "participation",
    "W": "workstream",
    "I": "theme",
    "E": "owner",
    "R": "cancel_reason",
    "U": "wish_reason",
}


def to_values(rows: Iterable[Row]) -> Iterator[list[Value]]:
    """Write figures as rows; a missing number is empty and says why in `flag`."""
    for row in rows:
        yield [
            row.metric.id,
            row.metric.name,
            row.period.label,
            BREAKDOWN_CODES[row.breakdown],
            row.category,
            _number(row.value),
            row.metric.unit,
            _number(row.numerator),
            _number(row.denominator),
            _number(row.n),
            row.value.flag.value,
            row.metric.version,
            *(map(float, row.interval) if row.interval else (None, None)),
        ]


def figures_csv(rows: Iterable[Row]) -> bytes:
    """Write figures as the whole file."""
    return b"".join(csv_file(COLUMNS, to_values(rows)))


def lines_in(content: bytes) -> list[Line]:
    """Read from such a file, of whatever year, what it shows: a number, or the sign that stands for it."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [
        (
            row["metric_id"],
            from_neutral(row["name"]),
            row["breakdown"],
            from_neutral(row["category"]),
            row["value"] or row["flag"],
        )
        for row in rows
    ]


def _number(shown: Shown | None) -> Value:
    if shown is None or shown.value is None:
        return None
    return int(shown.value) if shown.value == shown.value.to_integral_value() else float(shown.value)
