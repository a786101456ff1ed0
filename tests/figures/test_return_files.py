"""The files of a return say the same: each number of the worked quarter in every format, and a PDF that is read out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from pypdf import PdfReader

from booking import clock
from booking.extensions import db, transaction
from booking.formats.figures_file import BREAKDOWN_CODES, lines_in
from booking.formats.figures_words import figure
from booking.models import Issue
from booking.rules.disclosure import Profile
from booking.rules.engagement.metric import SECTIONS
from booking.rules.figures import Row
from booking.rules.frozen_figures import Change
from booking.services.make_bundle import About, make_files
from booking.services.make_return import rows_for
from tests.conftest import ROOT
from tests.figures.frozen import KENT, Q4, files_of, freeze
from tests.figures.quarter import a_session, at
from tests.figures.test_worked_quarter import write_the_quarter
from tests.page_checks import problems_of
from tests.staff.test_sheets import tags, text_of

pytestmark = pytest.mark.one_database

WORKED = {"M01": "8", "M02": "6", "M05": "14", "M06": "6", "M07": "8", "M08": "4", "M03": "25", "M11": "35.7"}
"""Counted by hand in test_worked_quarter.py."""


@dataclass(frozen=True)
class Made:
    """The files of the worked quarter, and what they were made from."""

    internal: dict[str, bytes]
    public: dict[str, bytes]
    rows: list[Row]


_made: list[Made] = []
"""Made once: PDFs take long, and no test changes them."""


@pytest.fixture
def made(in_app: Flask) -> Made:
    """The files of the worked quarter, in which families raised something that looks like a formula."""
    if not _made:
        with transaction():
            write_the_quarter()
            forum = a_session(at("2026-04-20", 10), title="Later")
            said = "=1+1, and say so"
            raised = at("2026-01-20", 11)
            db.session.add(
                Issue(event=forum, text=said, raised_at=raised, published_text=said, published_at=clock.now())
            )
        snapshot = freeze(reason="The register of S9 is lost")
        rows = rows_for(Q4, profile=Profile.INTERNAL, locality=KENT)
        _made.append(Made(files_of(snapshot, Profile.INTERNAL), files_of(snapshot, Profile.PUBLIC), rows))
    return _made[0]


@pytest.fixture
def files(made: Made) -> dict[str, bytes]:
    """What we ourselves get."""
    return made.internal


def test_every_number_is_the_same_in_every_format(made: Made) -> None:
    files = made.internal
    lines = {(line[0], line[2], line[3]): line[4] for line in lines_in(files["metrics.csv"])}
    assert {metric: lines[metric, "all", "all"] for metric in WORKED} == WORKED
    book = openpyxl.load_workbook(io.BytesIO(files["metrics.xlsx"]))
    sheets = [book[f"{letter} {name}"[:31]] for letter, (name, _numbers) in SECTIONS.items()]
    in_book = [row for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    in_file = list(csv.reader(io.StringIO(files["metrics.csv"].decode("utf-8-sig"))))[1:]
    assert len(in_book) == len(in_file) == len(lines)
    in_sections = sorted(in_file, key=lambda row: _section(row[0]))
    for book_row, row in zip(in_book, in_sections, strict=True):
        assert book_row[0] == row[0]
        for at_book, at_file in ((4, 5), (6, 7), (7, 8), (8, 9), (10, 12), (11, 13)):
            value = book_row[at_book]
            assert ("" if value is None else float(value)) == (float(row[at_file]) if row[at_file] else ""), row
        assert (book_row[9] or "") == row[10]
    table = _cells(files["summary.html"].decode())
    text = text_of(PdfReader(io.BytesIO(files["summary.pdf"])))
    for row in made.rows:
        if row.breakdown == "all":
            said = figure(row.value, row.metric)
            heading = f"{row.metric.id} {row.metric.name}"
            shown = lines[row.metric.id, BREAKDOWN_CODES["all"], "all"]
            assert (float(said.rstrip("%").replace(",", "")) if row.value.value is not None else said) == (
                float(shown) if row.value.value is not None else shown
            )
            assert any(cell.startswith(heading) and after.startswith(said) for cell, after in table), heading
            assert re.sub(r"\s|-", "", heading) in re.sub(r"\s|-", "", text)


def test_the_first_page_says_what_happened_and_what_is_not_known(files: dict[str, bytes]) -> None:
    first = " ".join(PdfReader(io.BytesIO(files["summary.pdf"])).pages[0].extract_text().split())
    html = files["summary.html"].decode()
    for sentence in (
        "Kent Parents and Carers Together (Kent PACT) holds forums and drop-ins",
        "Frozen on Tuesday 16 June 2026 as version 1.",
        "We held 6 sessions.",
        "We reached 6 families:",
        "About 8 in 10 people who booked came (81.8%).",
        "The quarter before is not frozen, so there is nothing to compare with.",
        "people who were expected came: the attendance rate leaves them out (11.1%).",
        "1 register is still open",
        "The register of S9 is lost",
        "Nobody told us how it was.",
        "Not collected, because we ask for it nowhere: who of the family came",
        "Register completeness: 88.9%",
    ):
        assert sentence in first, sentence
        assert sentence in " ".join(html.split()), sentence
    assert "All figures" not in first


def test_the_page_stands_alone_and_is_sound(files: dict[str, bytes]) -> None:
    html = files["summary.html"].decode()
    # It comes without our style sheets, so the length of a bar stands in the page.
    assert [each for each in problems_of(html) if each != "<span> has an inline style"] == []
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import", html)


def test_the_pdf_is_tagged(files: dict[str, bytes]) -> None:
    reader = PdfReader(io.BytesIO(files["summary.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own)
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Forums and drop-ins of Kent PACT: 2025-26 Q4 (January to March 2026)"
    kinds = [tag["/S"] for tag in tags(reader)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 4
    assert kinds.count("/Caption") == files["summary.html"].count(b"<caption>") >= 8
    assert "/TH" in kinds
    assert "/Figure" not in kinds


def test_nothing_in_a_table_is_run_as_a_formula(files: dict[str, bytes]) -> None:
    said = files["you-said-we-did.csv"].decode("utf-8-sig")
    assert "'=1+1, and say so" in said
    for name in ("metrics.csv", "you-said-we-did.csv"):
        cells = [cell for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t")) or re.match(r"-\D", cell)]
    book = openpyxl.load_workbook(io.BytesIO(files["metrics.xlsx"]))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert book.sheetnames[:2] == ["Notes", "Data quality"]


@pytest.mark.usefixtures("in_app")
def test_a_number_below_nothing_is_a_number_in_the_list_of_changes() -> None:
    change = Change("M60", "-Change", "all", "all", "-4", "-0.5")
    about = About(period=Q4, profile=Profile.PUBLIC, version=2, frozen_at=clock.now(), changes=[change])
    rows = rows_for(Q4, profile=Profile.PUBLIC, locality=KENT)
    with zipfile.ZipFile(io.BytesIO(make_files(about, rows, [], locality=KENT))) as file:
        assert file.read("changes.csv").decode().splitlines()[1] == "M60,'-Change,all,all,-4,-0.5"


def test_readers_outside_see_the_same_protected_numbers_in_every_format(made: Made) -> None:
    public = made.public
    lines = {(line[0], line[2], line[3]): line[4] for line in lines_in(public["metrics.csv"])}
    assert (lines["M05", "all", "all"], lines["M06", "all", "all"]) == ("15", "c")
    html = " ".join(public["summary.html"].decode().split())
    assert "We reached" not in html
    assert "numbers in these files are protected" in html
    assert "came about 15 times" in html
    assert json.loads(public["metadata.json"])["k"] == 10


def test_another_process_makes_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    """A set walked in another order, or the time of day, would show in the PDF or the workbook."""
    (tmp_path / "page.html").write_bytes(files["summary.html"])
    make = (
        "import sys, hashlib, pathlib; from booking.formats.pdf import make_pdf; "
        "html = pathlib.Path(sys.argv[1]).read_text(); "
        "print(hashlib.sha256(make_pdf(html, css='', static=pathlib.Path('static'), pictures={})).hexdigest())"
    )
    command = [sys.executable, "-c", make, str(tmp_path / "page.html")]
    sums = {
        subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert sums == {hashlib.sha256(files["summary.pdf"]).hexdigest()}


def _section(metric_id: str) -> str:
    number = int(metric_id[1:3])
    return next(letter for letter, (_name, numbers) in SECTIONS.items() if number in numbers)


def _cells(html: str) -> list[tuple[str, str]]:
    """Return each cell of each table with the one after it."""

    class Cells(HTMLParser):
        found: list[str] = []
        inside = False

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag in ("th", "td"):
                self.inside = True
                self.found.append("")

        def handle_endtag(self, tag: str) -> None:
            self.inside = self.inside and tag not in ("th", "td")

        def handle_data(self, text: str) -> None:
            if self.inside:
                self.found[-1] += " ".join(text.split()) + " "

    reader = Cells()
    reader.found = []
    reader.feed(html)
    return list(zip(reader.found, reader.found[1:], strict=False))


def test_no_line_of_the_workbook_lies_over_the_next(files: dict[str, bytes]) -> None:
    """LibreOffice leaves wrapped rows as high as one line unless their height is said."""
    sheet = openpyxl.load_workbook(io.BytesIO(files["metrics.xlsx"]))["Notes"]
    longest = max((cell for cell in sheet["B"] if cell.value), key=lambda cell: len(str(cell.value)))
    width = sheet.column_dimensions["B"].width
    assert len(str(longest.value)) > width
    assert (sheet.row_dimensions[longest.row].height or 0) >= 15 * len(str(longest.value)) / width
