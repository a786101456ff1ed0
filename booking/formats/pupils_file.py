"""The file of how many pupils with SEN each district has, as somebody copies it from a published source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from booking.formats.csv_input import Problem, TableRow, read_table
from booking.locality.kinds import Locality
from booking.rules.engagement.facts import Pupils

COLUMNS = ("district", "year", "pupils_sen_support", "pupils_ehcp", "source", "published_on")
MOST_ROWS = 1000
LONGEST_SOURCE = 300
_YEARS = range(2010, 2101)
_MOST_PUPILS = 1_000_000


@dataclass(frozen=True, slots=True)
class PupilsFile:
    """What a file says, what is wrong with it, and what to know about it; with problems it is not to be used."""

    rows: tuple[Pupils, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_pupils(content: bytes, locality: Locality, *, today: date) -> PupilsFile:
    """Read a file, and say each problem by line and column."""
    table = read_table(content, columns=COLUMNS, needed=COLUMNS, most=MOST_ROWS)
    problems = list(table.problems)
    rows: dict[tuple[str, int], Pupils] = {}
    for row in table.rows:
        reader = _Reader(row, problems)
        read = reader.pupils(locality, today)
        if read is None:
            continue
        if (read.district, read.year) in rows:
            reader.wrong("district", "This district and year stand in the file twice.")
        rows[read.district, read.year] = read
    if not rows and not problems:
        problems.append(Problem(1, "", "There is no row in the file."))
    return PupilsFile(tuple(rows.values()), tuple(problems), table.notes)


class _Reader:
    """Reads the values of one row, and collects what is wrong with them."""

    def __init__(self, row: TableRow, problems: list[Problem]) -> None:
        self._row, self._problems = row, problems
        self._before = len(problems)

    def wrong(self, column: str, sentence: str) -> None:
        self._problems.append(Problem(self._row.line, column, sentence))

    def pupils(self, locality: Locality, today: date) -> Pupils | None:
        values = self._row.values
        district = locality.find_district(values["district"])
        if district is None or not district.inside:
            self.wrong("district", "Write the name of a district of the area, such as Ashford.")
        year = self._whole("year", _YEARS)
        sen_support = self._whole("pupils_sen_support", range(_MOST_PUPILS))
        ehcp = self._whole("pupils_ehcp", range(_MOST_PUPILS))
        if not values["source"]:
            self.wrong("source", "Say where the numbers are from: a name and a web address.")
        elif len(values["source"]) > LONGEST_SOURCE:
            self.wrong("source", f"Please use {LONGEST_SOURCE} characters or fewer.")
        published_on = self._day("published_on", today)
        if len(self._problems) > self._before or district is None or published_on is None:
            return None
        return Pupils(
            district=district.code,
            year=year,
            sen_support=sen_support,
            ehcp=ehcp,
            source=values["source"],
            published_on=published_on,
        )

    def _whole(self, column: str, allowed: range) -> int:
        text = self._row.values[column].replace(",", "")
        if not (text.isascii() and text.isdigit() and int(text) in allowed):
            self.wrong(column, f"Write a whole number from {allowed.start:,} to {allowed.stop - 1:,}.")
            return 0
        return int(text)

    def _day(self, column: str, today: date) -> date | None:
        try:
            day = date.fromisoformat(self._row.values[column])
        except ValueError:
            self.wrong(column, "Write the day as 2026-07-09.")
            return None
        if day > today:
            self.wrong(column, "This day is still to come.")
        return day
