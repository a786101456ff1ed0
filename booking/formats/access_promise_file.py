"""The access promise as lines of a file and as JSON, with a dictionary of what each column holds: for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking.formats.spreadsheets import Value
from booking.rules.access_promise import PromiseRow
from booking.rules.disclosure import Shown

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
DICTIONARY = {
    "period": "A quarter of the financial year, such as 2026-27-Q1 (April to June 2026), or `year`: the sum of the "
    "quarters that are published.",
    "group": "What was asked for: the code of a group, or `all`.",
    "requests": "Requests on bookings that stood, at sessions that were held. To the nearest 5.",
    "met": "Requests that were met, as the family says, or else staff. To the nearest 5.",
    "not_quite_met": "Requests that were met in part or not at all. To the nearest 5.",
    "met_percent": "100 × met ÷ (met + not_quite_met), from rounded numbers, from 20 requests up.",
    "missing": "Which of the columns before are empty, and why: c protected (a count from 1 to 9, or one that would "
    "give such a count away), z does not apply.",
}
COLUMNS = tuple(DICTIONARY)


def promise_line(row: PromiseRow) -> list[Value]:
    """Return one line. A missing number is empty, and `missing` says why: "met=c met_percent=c"."""
    numbers = _numbers(row)
    missing = " ".join(f"{name}={shown.flag.value}" for name, shown in numbers.items() if shown.value is None)
    return [row.period, row.group, *(_value(shown) for shown in numbers.values()), missing]


def promise_json(rows: Sequence[PromiseRow], *, year: str, group_names: dict[str, str], source: str) -> dict[str, Any]:
    """Return the same for programs that read JSON, with its dictionary."""
    return {
        "title": "What families asked for so that they could come, and whether it was there",
        "year": year,
        "source": source,
        "licence": LICENCE,
        "dictionary": DICTIONARY,
        "groups": group_names,
        "rows": [dict(zip(COLUMNS, promise_line(row), strict=True)) for row in rows],
    }


def _numbers(row: PromiseRow) -> dict[str, Shown]:
    return {
        "requests": row.requests,
        "met": row.met,
        "not_quite_met": row.not_quite_met,
        "met_percent": row.share,
    }


def _value(shown: Shown) -> Value:
    return None if shown.value is None else int(shown.value)
