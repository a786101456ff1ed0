"""What staff share with families is known by its content, not by its name."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from booking.errors import Refusal
from booking.formats.shared_file import check_shared_file

pytestmark = pytest.mark.one_database

_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"


def _pack(media_type: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("[Content_Types].xml", f'<Types><Override ContentType="{media_type}"/></Types>')
    return file.getvalue()


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        (b"%PDF-1.7 /MarkInfo /StructTreeRoot", "PDF"),
        (_pack(_MAIN.format("presentationml.presentation")), "PPTX"),
        (_pack(_MAIN.format("wordprocessingml.document")), "DOCX"),
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
        _pack("application/vnd.ms-word.document.macroEnabled.main+xml"),
        b"%PDF-1.7 /Encrypt 5 0 R",
        b"a" * (6 * 1024 * 1024),
    ],
    ids=["empty", "program", "broken", "macros", "locked", "six megabytes"],
)
def test_what_may_not_be_shared_is_refused_whatever_its_name(upload: bytes) -> None:
    with pytest.raises(Refusal):
        check_shared_file(upload, "slides.pdf")


def test_a_pdf_without_tags_is_taken_and_known_as_such() -> None:
    assert not check_shared_file(b"%PDF-1.4 plain", "plain.pdf").is_tagged
