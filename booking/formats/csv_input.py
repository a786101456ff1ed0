"""Read a CSV file as spreadsheet programs write it: whatever its letters and commas are, each value with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from booking.formats.spreadsheets import from_neutral

RowT = TypeVar("RowT")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOT_CSV = "This is not a CSV file. In your spreadsheet program choose “Save as” or “Download”, then CSV."


class Problem(NamedTuple):
    """What is wrong, and where: the line of the file, the column's name (empty: the whole line)."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.column}' if self.column else ''}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the line it begins on, and what stands in each column that the file has."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds, what is wrong with it, and what to know about it."""

    rows: tuple[TableRow, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRows(Generic[RowT]):
    """What a file says, what is wrong with it, and what to know about it; with problems it is not to be used."""

    rows: tuple[RowT, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class RowReader:
    """Reads the values of one row, and collects what is wrong with them."""

    def __init__(self, row: TableRow, problems: list[Problem]) -> None:
        self._row, self._problems = row, problems
        self._before = len(problems)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it so far."""
        return len(self._problems) == self._before

    def wrong(self, column: str, sentence: str) -> None:
        """Say what is wrong in a column."""
        self._problems.append(Problem(self._row.line, column, sentence))

    def text(self, column: str) -> str:
        """Return what stands in a column; nothing where the file has none of this name."""
        return self._row.values.get(column, "")

    def name(self, column: str, *, missing: str, longest: int) -> str:
        """Read words that have to be there, of so many characters at the most."""
        words = self.text(column)
        if not words:
            self.wrong(column, missing)
        elif len(words) > longest:
            self.wrong(column, f"Please use {longest} characters or fewer.")
        return words

    def past_day(self, column: str, today: date) -> date | None:
        """Read a day that is not still to come."""
        try:
            day = date.fromisoformat(self.text(column))
        except ValueError:
            self.wrong(column, "Write the day as 2026-07-09.")
            return None
        if day > today:
            self.wrong(column, "This day is still to come.")
        return day


def day_or(text: str, today: date) -> date:
    """Give the day that is written, or today: for what depends on a day that is complained of elsewhere."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def read_table(content: bytes, *, columns: Collection[str], needed: Collection[str], most: int) -> Table:
    """Read a file whose first line names its columns, in any order and spelling; empty lines are nothing.

    A file with more than `most` rows is refused whole.
    """
    if problem := why_not_csv(content):
        return Table((), (problem,))
    text, notes = decode(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[TableRow] = []
    problems: list[Problem] = []
    try:
        header, begins = _header(lines, columns)
        if problem := _header_problem(header, needed, begins):
            return Table((), (problem,), tuple(notes))
        if extra := [name for name in header if name and name not in columns]:
            notes.append(f"Columns that are not used: {', '.join(extra)}.")
        for line, values in _numbered(lines):
            if len(rows) == most:
                problems.append(Problem(line, "", f"There are more than {most} rows. Please split the file."))
                break
            row = _row(line, header, values)
            (rows if isinstance(row, TableRow) else problems).append(row)  # type: ignore[arg-type]
    except csv.Error as error:
        problems.append(Problem(lines.line_num, "", f"From here on the file cannot be read as CSV ({error})."))
    return Table(tuple(rows), tuple(problems), tuple(notes))


def read_rows(
    content: bytes,
    *,
    columns: Collection[str],
    needed: Collection[str],
    most: int,
    read: Callable[[RowReader], RowT | None],
    key: Callable[[RowT], Hashable],
    twice: tuple[str, str],
) -> ReadRows[RowT]:
    """Read each row of a file with `read`, which says what is wrong with it. An empty file is a problem, too.

    Two rows with one `key` are said to stand there `twice`: in which column, and how.
    """
    table = read_table(content, columns=columns, needed=needed, most=most)
    problems = list(table.problems)
    rows: dict[Hashable, RowT] = {}
    for each in table.rows:
        reader = RowReader(each, problems)
        row = read(reader)
        if row is None:
            continue
        if key(row) in rows:
            reader.wrong(*twice)
        rows[key(row)] = row
    if not rows and not problems:
        problems.append(Problem(1, "", "There is no row in the file."))
    return ReadRows(tuple(rows.values()), tuple(problems), table.notes)


def why_not_csv(content: bytes) -> Problem | None:
    """Say that a file is a workbook or a picture, before its bytes are taken for names of columns."""
    is_wide_text = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if content.startswith(_WORKBOOKS) or (b"\0" in content and not is_wide_text):
        return Problem(1, "", _NOT_CSV)
    return None


def decode(content: bytes) -> tuple[str, list[str]]:
    """Turn bytes into text, and say so when they were not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), ["The file is in UTF-16; it was read as that."]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file is not in UTF-8. It was read as Windows-1252: check names with accents."
        return content.decode("cp1252", errors="replace"), [note]


def delimiter_of(text: str) -> str:
    """Return what stands between the values: a comma, a semicolon or a tab."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def plain_name(text: str) -> str:
    """Reduce a name to what two spellings of it share."""
    return " ".join(text.casefold().replace("_", " ").replace("’", "'").split())


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the line it begins on: a value in quotes may go over several."""
    end = lines.line_num  # type: ignore[attr-defined]
    for values in lines:
        begins, end = end + 1, lines.line_num  # type: ignore[attr-defined]
        if any(value.strip() for value in values):
            yield begins, values


def _header(lines: Iterator[list[str]], columns: Collection[str]) -> tuple[list[str], int]:
    known = {plain_name(column): column for column in columns}
    begins, names = next(_numbered(lines), (1, []))
    return [known.get(plain_name(name), name.strip()[:40]) for name in names], begins


def _header_problem(header: list[str], needed: Collection[str], line: int) -> Problem | None:
    if not header:
        return Problem(1, "", "The file is empty.")
    if missing := [name for name in needed if name not in header]:
        return Problem(line, "", f"The first line must name the columns. Missing: {', '.join(missing)}.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return Problem(line, "", f"Columns named twice: {', '.join(twice)}.") if twice else None


def _row(line: int, header: list[str], values: list[str]) -> TableRow | Problem:
    while len(values) > len(header) and not values[-1].strip():
        values = values[:-1]
    if len(values) != len(header):
        counted = f"There are {len(values)} values here; the first line names {len(header)} columns."
        return Problem(line, "", f"{counted} Is a comma missing, or one too many?")
    return TableRow(line, {name: from_neutral(value.strip()) for name, value in zip(header, values, strict=True)})
