"""Send a table as a file; its rows are read while it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from flask import Response, stream_with_context

from booking.formats.shared_file import media_type
from booking.formats.spreadsheets import CSV_TYPE, XLSX_TYPE, Value, csv_file, xlsx_file
from booking.models import HeardFile


def send_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """Stream a CSV file; `name` is without its ending and holds nothing personal."""
    return _attachment(stream_with_context(csv_file(header, rows)), f"{name}.csv", CSV_TYPE)


def send_xlsx(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, footer: str = ""
) -> Response:
    """Write an XLSX file in constant memory and send it; the footer stands on each page when it is printed."""
    file = xlsx_file(title, header, rows, footer=footer)
    response = _attachment(_pieces(file), f"{name}.xlsx", XLSX_TYPE)
    response.call_on_close(file.close)  # a HEAD reads nothing of it
    return response


def send_shared(file: HeardFile) -> Response:
    """Send a file that staff share as it is, to be kept: no browser opens it on our site."""
    return _attachment([file.content], file.name, media_type(file.kind))


def send_bytes(content: bytes, name: str, mimetype: str) -> Response:
    """Send a file that is made already."""
    return _attachment([content], name, mimetype)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(65536):
        yield piece


def _attachment(body: Iterable[bytes], name: str, mimetype: str) -> Response:
    response = Response(body, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
