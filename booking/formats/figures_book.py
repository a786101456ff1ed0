"""A return as a workbook: what it says and how to read it, how good the data is, and a sheet for each section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booking.formats.figures_file import to_values
from booking.formats.figures_words import OF_QUALITY, breakdown_name, category_name, figure, sign_meanings
from booking.formats.spreadsheets import Sheet, Value
from booking.locality.kinds import Locality
from booking.rules.engagement.metric import ALL, SECTIONS
from booking.rules.figures import Row

_FIGURES = (
    "Id",
    "Figure",
    "By",
    "Category",
    "Value",
    "Unit",
    "Numerator",
    "Denominator",
    "n",
    "Sign",
    "Low",
    "High",
)
_WIDTHS = (8, 44, 26, 34, 12, 10, 12, 12, 10, 8, 8, 8)


def sheets(
    rows: Sequence[Row], *, first_page: Sequence[tuple[str, Sequence[str]]], locality: Locality
) -> Iterator[Sheet]:
    """Give the sheets in order. `first_page` are headings, each with its sentences."""
    yield Sheet("Notes", ("Note", ""), tuple(_notes(rows, first_page)), (52, 100))
    yield Sheet("Data quality", ("Id", "Figure", "Value", "Definition"), tuple(_quality(rows)), (8, 48, 14, 100))
    for letter, (name, _numbers) in SECTIONS.items():
        of_section = [row for row in rows if row.metric.section == letter]
        yield Sheet(f"{letter} {name}", _FIGURES, tuple(_line(row, locality) for row in of_section), _WIDTHS)


def _line(row: Row, locality: Locality) -> tuple[Value, ...]:
    """Write a figure with the numbers of `metrics.csv` and with words for its codes."""
    (values,) = to_values([row])
    _id, _name, _period, _breakdown, _category, value, unit, above, below, n, flag, _version, low, high = values
    is_all = row.breakdown == ALL
    return (
        row.metric.id,
        row.metric.name,
        "In all" if is_all else breakdown_name(row.breakdown),
        "" if is_all else category_name(row.breakdown, row.category, locality),
        value,
        unit,
        above,
        below,
        n,
        flag,
        low,
        high,
    )


def _notes(rows: Sequence[Row], first_page: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[Value, ...]]:
    for heading, sentences in first_page:
        yield heading, ""
        yield from (("", sentence) for sentence in sentences)
    yield "Signs", ""
    yield from (("", f"{sign}: {meaning}") for sign, meaning in sign_meanings())
    yield "Figures", ""
    for row in rows:
        if row.breakdown == ALL:
            metric = row.metric
            yield (
                f"{metric.id} {metric.name}",
                f"{metric.definition} {metric.formula} (version {metric.version})",
            )


def _quality(rows: Sequence[Row]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        if row.breakdown == ALL and row.metric.id in OF_QUALITY:
            yield row.metric.id, row.metric.name, figure(row.value, row.metric), row.metric.definition
