"""What staff share with families is known by its content, not by its name."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject

from booking.errors import Refusal
from booking.formats.shared_file import check_shared_file

pytestmark = pytest.mark.one_database


def _pack(*parts: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        for part in parts:
            pack.writestr(part, "<x/>")
    return file.getvalue()


def a_pdf(*, is_tagged: bool = False, password: str = "") -> bytes:
    """A PDF of one empty page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(width=72, height=72)
    if is_tagged:
        writer.root_object[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
        writer.root_object[NameObject("/StructTreeRoot")] = DictionaryObject()
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        (a_pdf(is_tagged=True), "PDF"),
        (_pack("[Content_Types].xml", "ppt/presentation.xml"), "PPTX"),
        (_pack("[Content_Types].xml", "word/document.xml"), "DOCX"),
        ("Żółw\n".encode(), "TXT"),
    ],
)
def test_a_file_is_called_what_its_content_is(upload: bytes, kind: str) -> None:
    assert check_shared_file(upload, "../a slide<b>.exe").name == f"a-slide-b.{kind.lower()}"


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"MZ\x00\x01",
        b"PK\x03\x04broken",
        _pack("word/document.xml", "word/vbaProject.bin"),
        _pack("xl/workbook.xml"),
        b"%PDF-1.7 and no more",
        a_pdf(password="secret"),
        b"a" * (6 * 1024 * 1024),
    ],
    ids=["empty", "program", "broken", "macros", "sheet", "half a PDF", "locked", "six megabytes"],
)
def test_what_may_not_be_shared_is_refused_whatever_its_name(upload: bytes) -> None:
    with pytest.raises(Refusal):
        check_shared_file(upload, "slides.pdf")


def test_a_pdf_without_tags_is_taken_and_known_as_such() -> None:
    assert not check_shared_file(a_pdf(), "plain.pdf").is_tagged
    assert check_shared_file(a_pdf(is_tagged=True), "tagged.pdf").is_tagged


@pytest.mark.parametrize(
    ("name", "safe"),
    [("Żółw.pdf", "Zolw.txt"), ("Łódź dzieci.txt", "Lodz-dzieci.txt"), ("..", "file.txt"), ("نشرة.txt", "file.txt")],
)
def test_a_name_keeps_its_letters_without_accents(name: str, safe: str) -> None:
    assert check_shared_file(b"Words", name).name == safe
