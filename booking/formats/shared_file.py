"""Tell by its content what a file is that staff share with families, and make its name safe to offer."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

from booking.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
_MOST_TYPES = 1024 * 1024
"""The list of what a document holds is short. One that unpacks to more is made to fill a server's memory."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES = {
    "PDF": "application/pdf",
    "PPTX": _OFFICE + "presentationml.presentation",
    "DOCX": _OFFICE + "wordprocessingml.document",
    "TXT": "text/plain; charset=utf-8",
}
_FIELD = "file"


@dataclass(frozen=True, kw_only=True)
class SharedFile:
    """A file that may be offered. `is_tagged` is False for a PDF that a screen reader may not read."""

    kind: str
    name: str
    is_tagged: bool

    @property
    def media_type(self) -> str:
        """Return the type to serve it with."""
        return _MEDIA_TYPES[self.kind]


def check_shared_file(upload: bytes, name: str) -> SharedFile:
    """Return what a file is, whatever its name says. Raise Refusal, saying what to do, for what may not be shared."""
    if not upload:
        raise Refusal("This file is empty. Choose another file.", field=_FIELD)
    if len(upload) > MOST_BYTES:
        raise Refusal("This file is too large. Choose one of 5 MB or less.", field=_FIELD)
    kind = _kind_of(upload)
    if kind == "PDF" and b"/Encrypt" in upload:
        raise Refusal("This PDF is locked with a password. Save it without one, then choose it again.", field=_FIELD)
    is_tagged = kind != "PDF" or (b"/MarkInfo" in upload and b"/StructTreeRoot" in upload)
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
    """Ask the document's own list of contents: a macro document has another type there and is not taken."""
    try:
        with zipfile.ZipFile(BytesIO(upload)) as pack, pack.open("[Content_Types].xml") as file:
            types = file.read(_MOST_TYPES)
    except Exception as error:  # a broken pack may raise anything; all of it means the same
        raise _not_taken() from error
    for kind in ("PPTX", "DOCX"):
        if f'"{_MEDIA_TYPES[kind]}.main+xml"'.encode() in types:
            return kind
    raise _not_taken()


def _is_text(upload: bytes) -> bool:
    try:
        text = upload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\r\n\t\f" for char in text)


def _safe_name(name: str, kind: str) -> str:
    """Keep letters, digits and dashes of the last part, and the ending that the content has."""
    stem = re.split(r"[/\\]", name)[-1].rsplit(".", 1)[0]
    clean = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:80]
    return f"{clean or 'file'}.{kind.lower()}"


def _not_taken() -> Refusal:
    return Refusal("We cannot read this file. Choose a PDF, PPTX, DOCX or TXT file.", field=_FIELD)
