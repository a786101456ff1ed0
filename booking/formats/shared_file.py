"""Tell by its content what a file is that staff share with families, and make its name safe to offer."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader

from booking.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES = {
    "PDF": "application/pdf",
    "PPTX": _OFFICE + "presentationml.presentation",
    "DOCX": _OFFICE + "wordprocessingml.document",
    "TXT": "text/plain; charset=utf-8",
}
_MAIN_PARTS = {"PPTX": "ppt/presentation.xml", "DOCX": "word/document.xml"}
_MACROS = "vbaproject.bin"
_WHOLE_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae"})
"""Letters that Unicode does not take apart into a letter and its mark."""
_FIELD = "file"


@dataclass(frozen=True, kw_only=True)
class SharedFile:
    """A file that may be offered. `is_tagged` is False for a PDF that a screen reader may not read."""

    kind: str
    name: str
    is_tagged: bool


def media_type(kind: str) -> str:
    """Return the type to serve a kind of file with."""
    return _MEDIA_TYPES[kind]


def size_words(size: int) -> str:
    """Say a number of bytes as people say it: "240 KB", "1.2 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def check_shared_file(upload: bytes, name: str) -> SharedFile:
    """Return what a file is, whatever its name says. Raise Refusal, saying what to do, for what may not be shared."""
    if not upload:
        raise Refusal("This file is empty. Choose another file.", field=_FIELD)
    if len(upload) > MOST_BYTES:
        raise Refusal("This file is too large. Choose one of 5 MB or less.", field=_FIELD)
    kind = _kind_of(upload)
    is_tagged = _is_tagged(upload) if kind == "PDF" else True
    return SharedFile(kind=kind, name=_safe_name(name, kind), is_tagged=is_tagged)


def _kind_of(upload: bytes) -> str:
    if upload.startswith(b"%PDF-"):
        return "PDF"
    if upload.startswith(b"PK\x03\x04"):
        return _kind_of_zip(upload)
    if _is_text(upload):
        return "TXT"
    raise _not_taken()


def _kind_of_zip(upload: bytes) -> str:
    """Look at the names of the parts alone: nothing is unpacked, so no pack can fill a server's memory."""
    try:
        with zipfile.ZipFile(BytesIO(upload)) as pack:
            names = pack.namelist()
    except Exception as error:  # a broken pack may raise anything; all of it means the same
        raise _not_taken() from error
    if any(name.lower().endswith(_MACROS) for name in names):
        raise Refusal("This file holds a program (macros). Save it without, then choose it again.", field=_FIELD)
    for kind, part in _MAIN_PARTS.items():
        if part in names:
            return kind
    raise _not_taken()


def _is_tagged(upload: bytes) -> bool:
    """Tell whether a screen reader is told what is a heading and what a list. Raise Refusal for a locked PDF."""
    try:
        reader = PdfReader(BytesIO(upload))
        is_locked = reader.is_encrypted
        is_tagged = not is_locked and {"/MarkInfo", "/StructTreeRoot"} <= set(reader.root_object)
    except Exception as error:  # a broken file may raise anything; all of it means the same
        raise _not_taken() from error
    if is_locked:
        raise Refusal("This PDF is locked with a password. Save it without one, then choose it again.", field=_FIELD)
    return is_tagged


def _is_text(upload: bytes) -> bool:
    try:
        text = upload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\r\n\t\f" for char in text)


def _safe_name(name: str, kind: str) -> str:
    """Keep letters without their accents, digits and dashes of the last part, and the ending that the content has."""
    stem = re.split(r"[/\\]", name)[-1].rsplit(".", 1)[0].translate(_WHOLE_LETTERS)
    stem = "".join(char for char in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(char))
    clean = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:80]
    return f"{clean or 'file'}.{kind.lower()}"


def _not_taken() -> Refusal:
    return Refusal("We cannot read this file. Choose a PDF, PPTX, DOCX or TXT file.", field=_FIELD)
