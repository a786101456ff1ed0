"""Who we reach: the map of districts by families for each 1,000 pupils with SEN, and by representation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from booking.formats.figures_words import figure
from booking.locality.kinds import Locality
from booking.locality.maps import get_map
from booking.rules.engagement.facts import PlaceFact
from booking.rules.figures import Row
from booking.rules.map_steps import BY_REPRESENTATION, Step, even_steps, step_of, steps_at
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import Block, Counted, MapDrawing, Rows, Table, count_for, number_of

METRICS = frozenset({"M05", "M06", "M08", "M49", "M50"})
KINDS: frozenset[type] = frozenset({PlaceFact})
PUPILS = ("staff.pupils", "Pupils with SEN in each district, and where the numbers are from")
_NO_PUPILS = (
    "x: nobody has brought in how many pupils with SEN the districts have, or none were published by the end of this "
    "period. Nothing is guessed."
)
_REPRESENTATION_KEY = (
    "Less than half of its share",
    "Below its share (0.5 to less than 0.8)",
    "About its share (0.8 to less than 1.25)",
    "More than its share (1.25 and more)",
)


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="D", kinds=KINDS)


def blocks(counted: Counted, asked: Asked, area: Locality) -> list[Block]:
    """Draw both maps, then say the families of every district."""
    rows = counted.rows
    return [_reach(rows, area), _representation(rows, asked, area), _families(rows)]


def _reach(rows: Rows, area: Locality) -> Block:
    found = _of_districts(rows.by("D", "M49"), area)
    values = _values(found)
    steps = even_steps(list(values.values()))
    names = _names(area)
    message = _NO_PUPILS
    if values:
        most, least = max(values, key=values.__getitem__), min(values, key=values.__getitem__)
        message = (
            f"Most families for each 1,000 pupils in {names[most]} ({values[most]}), fewest in {names[least]} "
            f"({values[least]}); {figure(rows.total('M49').value, rows.total('M49').metric)} in all."
        )
    lines = [
        (names[code], figure(row.value, row.metric), str(number_of(row)), _whole(row)) for code, row in found.items()
    ]
    return Block(
        code="reach",
        metrics=("M49",),
        title="Families reached for each 1,000 pupils with SEN",
        message=message,
        map=_map(found, steps, area),
        key=[(step.number, _step_words(step)) for step in steps],
        table=Table(head=("District", "For each 1,000 pupils", "Families", "Pupils with SEN"), lines=lines),
        link=PUPILS,
    )


def _representation(rows: Rows, asked: Asked, area: Locality) -> Block:
    title = "Who is reached in proportion"
    if asked.only.district:
        message = "This compares the districts with each other, so it is shown for the sessions of all districts only."
        return Block(code="representation", title=title, message=message)
    found = _of_districts(rows.by("D", "M50"), area)
    values = _values(found)
    names = _names(area)
    message = _representation_words(values, names) if values else _NO_PUPILS
    if not values and number_of(rows.total("M06")) == 0:
        message = "z: no family was reached, so nothing can be in proportion."
    steps = steps_at(BY_REPRESENTATION) if values else []
    lines = [(names[code], figure(row.value, row.metric), str(number_of(row))) for code, row in found.items()]
    return Block(
        code="representation",
        metrics=("M50",),
        title=title,
        message=message,
        map=_map(found, steps, area),
        key=[(step.number, words) for step, words in zip(steps, _REPRESENTATION_KEY, strict=False)],
        table=Table(head=("District", "Representation (1 is in proportion)", "Families"), lines=lines),
    )


def _families(rows: Rows) -> Block:
    in_each = rows.in_each("D", "M06", "M08", "M05")
    lines = [
        (name, *(figure(found[metric].value, found[metric].metric) for metric in ("M06", "M08", "M05")))
        for name, found in in_each
    ]
    total = tuple(figure(rows.total(metric).value, rows.total(metric).metric) for metric in ("M06", "M08", "M05"))
    return Block(
        code="families",
        metrics=("M06", "M08", "M05"),
        title="Where the families live",
        message=f"{total[0]} families, {total[1]} of them new, {total[2]} attendances. Children’s schools may be "
        "elsewhere; who gave no details is an attendance and no family.",
        table=Table(head=("District", "Families", "New families", "Attendances"), lines=[*lines, ("In all", *total)]),
        is_table_open=True,
    )


def _representation_words(values: Mapping[str, Decimal], names: Mapping[str, str]) -> str:
    half, below, _about = BY_REPRESENTATION
    few = [names[code] for code, value in values.items() if value < half]
    fewer = [names[code] for code, value in values.items() if half <= value < below]
    said = [
        f"Less than half of its share of families is reached in {_and(few)}." if few else "",
        f"Below its share is {_and(fewer)}." if fewer else "",
    ]
    return " ".join(each for each in said if each) or "Every district has about its share of the families, or more."


def _map(found: Mapping[str, Row], steps: Sequence[Step], area: Locality) -> MapDrawing:
    return MapDrawing(
        map=get_map(area),
        said={code: _brief(row) for code, row in found.items()},
        step={code: step_of(row.value.value, steps) for code, row in found.items() if row.value.value is not None},
    )


def _brief(row: Row) -> str:
    """Say a figure as short as a small map on a phone needs it; the table has all its digits."""
    return f"{row.value.value:.1f}" if row.value.value is not None else figure(row.value, row.metric)


def _of_districts(rows: Sequence[Row], area: Locality) -> dict[str, Row]:
    inside = {district.code for district in area.inside_districts}
    return {row.category: row for row in rows if row.category in inside}


def _values(found: Mapping[str, Row]) -> dict[str, Decimal]:
    return {code: row.value.value for code, row in found.items() if row.value.value is not None}


def _names(area: Locality) -> dict[str, str]:
    return area.district_names


def _whole(row: Row) -> str:
    return f"{int(row.denominator.value):,}" if row.denominator and row.denominator.value else "x"


def _step_words(step: Step) -> str:
    return f"{step.from_} to less than {step.until}" if step.until is not None else f"{step.from_} and more"


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
