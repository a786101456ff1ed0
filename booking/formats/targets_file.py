"""The file of what figures are meant to come to, with who agreed it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from booking.formats.csv_input import Problem, TableRow, read_table
from booking.formats.figures_file import BREAKDOWN_CODES
from booking.formats.figures_words import categories, category_name
from booking.locality.kinds import Locality
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.metric import ALL, Metric, Shape
from booking.rules.targets import Of, Target

COLUMNS = ("metric_id", "breakdown", "category", "value", "agreed_by", "agreed_on")
NEEDED = ("metric_id", "value", "agreed_by", "agreed_on")
MOST_ROWS = 1000
LONGEST_NAME = 200
_MOST = Decimal(1_000_000)
_METRICS = {metric.id.casefold(): metric for metric in METRICS if metric.shape != Shape.NOT_COLLECTED}
_BREAKDOWNS = {code: letter for letter, code in BREAKDOWN_CODES.items()} | {"": ALL}


@dataclass(frozen=True, slots=True)
class TargetsFile:
    """What a file says, what is wrong with it, and what to know about it; with problems it is not to be used."""

    rows: tuple[Target, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_targets(content: bytes, locality: Locality, *, today: date) -> TargetsFile:
    """Read a file, and say each problem by line and column."""
    table = read_table(content, columns=COLUMNS, needed=NEEDED, most=MOST_ROWS)
    problems = list(table.problems)
    rows: dict[tuple[Of, date], Target] = {}
    for row in table.rows:
        reader = _Reader(row, problems)
        read = reader.target(locality, today)
        if read is None:
            continue
        if (read.of, read.agreed_on) in rows:
            reader.wrong("metric_id", "This figure, category and day stand in the file twice.")
        rows[read.of, read.agreed_on] = read
    if not rows and not problems:
        problems.append(Problem(1, "", "There is no row in the file."))
    return TargetsFile(tuple(rows.values()), tuple(problems), table.notes)


class _Reader:
    """Reads the values of one row, and collects what is wrong with them."""

    def __init__(self, row: TableRow, problems: list[Problem]) -> None:
        self._row, self._problems = row, problems
        self._before = len(problems)

    def wrong(self, column: str, sentence: str) -> None:
        self._problems.append(Problem(self._row.line, column, sentence))

    def target(self, locality: Locality, today: date) -> Target | None:
        metric = _METRICS.get(self._text("metric_id").casefold())
        if metric is None:
            self.wrong("metric_id", "Write the code of a figure that is counted, such as M06.")
            return None
        breakdown = self._breakdown(metric)
        category = self._category(breakdown, locality) if breakdown is not None else ""
        value = self._value(metric)
        agreed_by = self._text("agreed_by")
        if not agreed_by:
            self.wrong("agreed_by", "Say who agreed it: a group or a meeting.")
        elif len(agreed_by) > LONGEST_NAME:
            self.wrong("agreed_by", f"Please use {LONGEST_NAME} characters or fewer.")
        agreed_on = self._day(today)
        if len(self._problems) > self._before or breakdown is None or value is None or agreed_on is None:
            return None
        return Target(
            metric=metric.id,
            breakdown=breakdown,
            category=category,
            value=value,
            agreed_by=agreed_by,
            agreed_on=agreed_on,
        )

    def _text(self, column: str) -> str:
        return self._row.values.get(column, "").strip()

    def _breakdown(self, metric: Metric) -> str | None:
        letter = _BREAKDOWNS.get(self._text("breakdown").casefold())
        allowed = (ALL, *metric.by)
        if letter in allowed:
            return letter
        self.wrong("breakdown", f"Write {' or '.join(BREAKDOWN_CODES[each] for each in allowed)}.")
        return None

    def _category(self, breakdown: str, locality: Locality) -> str:
        text = self._text("category").casefold()
        if breakdown == ALL:
            if text not in ("", ALL):
                self.wrong("category", "A target in all has no category: leave it empty, or say the breakdown.")
            return ALL
        for code in categories(locality)[breakdown]:
            if text in (code.casefold(), category_name(breakdown, code, locality).casefold()):
                return code
        self.wrong("category", "This is no category of the breakdown. Write it as it stands in the figures.")
        return ""

    def _value(self, metric: Metric) -> Decimal | None:
        text = self._text("value").removesuffix("%").strip().replace(",", "")
        try:
            value = Decimal(text) if text.isascii() else None
        except InvalidOperation:
            value = None
        most = Decimal(100) if metric.shape == Shape.SHARE else _MOST
        if value is None or not value.is_finite() or not 0 <= value <= most or value != round(value, 2):
            self.wrong("value", f"Write a number from 0 to {most:,}, with two decimals at the most.")
            return None
        return value

    def _day(self, today: date) -> date | None:
        try:
            day = date.fromisoformat(self._text("agreed_on"))
        except ValueError:
            self.wrong("agreed_on", "Write the day as 2026-07-09.")
            return None
        if day > today:
            self.wrong("agreed_on", "This day is still to come.")
        return day
