"""Tables as files that open in any spreadsheet program: CSV and XLSX, row after row, safe against formulas."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_CHUNK_ROWS = 200
_FOOTER_LETTERS = 255
_LINE_HEIGHT = 15
"""Points: a line of the letters that spreadsheet programs begin with."""
_RISKY = frozenset("=+-@\t\r\n＝＋－＠")
_OUR_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BOM = "\ufeff"
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (xlsxwriter wants a naive one; fixed, so that equal rows are equal bytes)


def neutral(value: Value) -> Value:
    """Put an apostrophe before text that a spreadsheet program would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _RISKY else value


def from_neutral(text: str) -> str:
    """Take that apostrophe away again."""
    return text[1:] if text[:1] == "'" and text[1:2] in _RISKY else text


def as_number(text: str) -> Value:
    """Give what we wrote as a number ourselves as a number again: a negative one needs no apostrophe. A sign stays.

    Not for what people type: “+44” is how a telephone number begins.
    """
    return (float(text) if "." in text else int(text)) if _OUR_NUMBER.fullmatch(text) else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Write CSV in UTF-8 a chunk at a time; it begins with the mark by which Excel knows ë, ü, Ł and emoji."""
    lines = _Lines([_BOM])
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(header)
    rest = iter(rows)
    while chunk := list(islice(rest, _CHUNK_ROWS)):
        # As `neutral` does, without a call for each of two million cells.
        writer.writerows(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in _RISKY else cell for cell in row] for row in chunk
        )
        yield lines.take()
    yield lines.take()


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, footer: str = "") -> IO[bytes]:
    """Write one sheet into a temporary file, in constant memory, and return it at its beginning.

    Text is always text here, so nothing needs an apostrophe; links and formulas are not made.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    try:
        _write_sheet(file, title, header, rows, footer=footer)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write_sheet(
    file: IO[bytes], title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, footer: str
) -> None:
    import xlsxwriter  # noqa: PLC0415 (most pages write no sheet)

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "created": _MADE})
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, bold)
        sheet.repeat_rows(0)
        if footer:
            sheet.set_footer(f"&L{footer.replace('&', '&&')}"[:_FOOTER_LETTERS])
        text, count = sheet.write_string, sheet.write_number
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):  # as `_write` does, without a call for each of a million cells
                if isinstance(value, str):
                    if value:
                        text(number, column, value)
                elif value is not None:
                    count(number, column, value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; `widths` are those of its columns, in letters."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]


def workbook(title: str, sheets: Iterable[Sheet]) -> bytes:
    """Write sheets into one file; the same sheets make the same bytes. Text is always text, as in `xlsx_file`."""
    import xlsxwriter  # noqa: PLC0415 (most pages write no sheet)

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "created": _MADE})
        looks = _looks(book)
        for each in sheets:
            sheet = book.add_worksheet(each.title[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            for column, width in enumerate(each.widths):
                sheet.set_column(column, column, width, looks["text"])
                is_of_numbers = any(isinstance(row[column], int | float) for row in each.rows)
                sheet.write_string(0, column, each.header[column], looks["over numbers" if is_of_numbers else "bold"])
            for number, row in enumerate(each.rows, start=1):
                sheet.set_row(number, _LINE_HEIGHT * _lines_of(row, each.widths))
                text = looks["text" if any(row[1:]) else "bold"]  # a row of one cell is a heading
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, text=text, number=looks["number"])
    return file.getvalue()


def _looks(book: Workbook) -> dict[str, Format]:
    """Give how cells look: numbers and what stands over them to the right, text with room before it."""
    all_of_them = {"text_wrap": True, "valign": "top"}
    return {
        "text": book.add_format({**all_of_them, "align": "left", "indent": 1}),
        "bold": book.add_format({**all_of_them, "align": "left", "indent": 1, "bold": True}),
        "number": book.add_format({**all_of_them, "align": "right"}),
        "over numbers": book.add_format({**all_of_them, "align": "right", "bold": True}),
    }


def _lines_of(row: Sequence[Value], widths: Sequence[int]) -> int:
    """Return in how many lines the longest text of a row is set: LibreOffice does not make wrapped rows higher."""
    cells = zip(row, widths, strict=False)
    return max((-(-len(value) // width) for value, width in cells if isinstance(value, str) and value), default=1)


def _write(sheet: Worksheet, row: int, column: int, value: Value, *, text: Format, number: Format) -> None:
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value, text)
    elif value is not None:
        sheet.write_number(row, column, value, number)


class _Lines(list[str]):
    """What a CSV writer has written and nobody has taken yet."""

    write = list.append

    def take(self) -> bytes:
        """Return it, and forget it."""
        text = "".join(self)
        self.clear()
        return text.encode()
