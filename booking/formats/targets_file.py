"""The file of what figures are meant to come to, with who agreed it and when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from booking.formats.csv_input import ReadRows, RowReader, day_or, read_rows
from booking.formats.district_words import became
from booking.formats.figures_file import BREAKDOWN_CODES
from booking.formats.figures_words import categories, category_name
from booking.locality.kinds import Locality
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.metric import ALL, Metric, Shape
from booking.rules.targets import Target

COLUMNS = ("metric_id", "breakdown", "category", "value", "agreed_by", "agreed_on")
NEEDED = ("metric_id", "value", "agreed_by", "agreed_on")
MOST_ROWS = 1000
LONGEST_NAME = 200
_MOST = Decimal(1_000_000)
_METRICS = {metric.id.casefold(): metric for metric in METRICS if metric.shape != Shape.NOT_COLLECTED}
_BREAKDOWNS = {code: letter for letter, code in BREAKDOWN_CODES.items()} | {"": ALL}


def read_targets(content: bytes, locality: Locality, *, today: date) -> ReadRows[Target]:
    """Read a file, and say each problem by line and column."""
    return read_rows(
        content,
        columns=COLUMNS,
        needed=NEEDED,
        most=MOST_ROWS,
        read=lambda row: _target(row, locality, today),
        key=lambda target: (target.of, target.agreed_on),
        twice=("metric_id", "This figure, category and day stand in the file twice."),
    )


def _target(row: RowReader, locality: Locality, today: date) -> Target | None:
    metric = _METRICS.get(row.text("metric_id").casefold())
    if metric is None:
        row.wrong("metric_id", "Write the code of a figure that is counted, such as M06.")
        return None
    breakdown = _breakdown(row, metric)
    on = day_or(row.text("agreed_on"), today)
    category = _category(row, breakdown, locality, on) if breakdown is not None else ""
    value = _value(row, metric)
    missing = "Say who agreed it: a group or a meeting."
    agreed_by = row.name("agreed_by", missing=missing, longest=LONGEST_NAME)
    agreed_on = row.past_day("agreed_on", today)
    if not row.is_sound or breakdown is None or value is None or agreed_on is None:
        return None
    return Target(
        metric=metric.id,
        breakdown=breakdown,
        category=category,
        value=value,
        agreed_by=agreed_by,
        agreed_on=agreed_on,
    )


def _breakdown(row: RowReader, metric: Metric) -> str | None:
    letter = _BREAKDOWNS.get(row.text("breakdown").casefold())
    allowed = (ALL, *metric.by)
    if letter in allowed:
        return letter
    row.wrong("breakdown", f"Write {' or '.join(BREAKDOWN_CODES[each] for each in allowed)}.")
    return None


def _category(row: RowReader, breakdown: str, locality: Locality, on: date) -> str:
    text = row.text("category").casefold()
    if breakdown == ALL:
        if text not in ("", ALL):
            row.wrong("category", "A target in all has no category: leave it empty, or say the breakdown.")
        return ALL
    then = locality.on(on)
    for code in categories(then)[breakdown]:
        if text in (code.casefold(), category_name(breakdown, code, then).casefold()):
            return code
    district = then.find_named(text) if breakdown in ("D", "V") else None
    if district is not None and district.to_date is None:
        return district.code  # agreed before it begins
    ended = f"{became(district, then)}: a target agreed later is for that. " if district and district.became else ""
    row.wrong("category", f"{ended}This is no category of the breakdown. Write it as it stands in the figures.")
    return ""


def _value(row: RowReader, metric: Metric) -> Decimal | None:
    text = row.text("value").removesuffix("%").strip().replace(",", "")
    try:
        value = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        value = None
    most = Decimal(100) if metric.shape == Shape.SHARE else _MOST
    if value is None or not value.is_finite() or not 0 <= value <= most or value != round(value, 2):
        row.wrong("value", f"Write a number from 0 to {most:,}, with two decimals at the most.")
        return None
    return value
