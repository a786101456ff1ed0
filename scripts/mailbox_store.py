"""Keep the local mailbox's messages as files, byte for byte as they came, and read them back without trusting them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32, default
from pathlib import Path

MESSAGE_ID = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9]{4,}")
_NOT_FOR_A_PAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Who a message came from and went to, as the server was told, and when (UTC)."""

    sender: str
    recipients: tuple[str, ...]
    received: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One leaf of a message: its type, its iTIP method if it has one, its bytes and how to show them."""

    kind: str
    method: str
    filename: str
    content: bytes
    text: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message, ready to be shown."""

    id: str
    envelope: Envelope
    subject: str
    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def first(self, kind: str) -> Part | None:
        """Return the first part of a type such as text/html."""
        return next((part for part in self.parts if part.kind == kind), None)


class Store:
    """A folder of .eml files, each with a small .json beside it that holds the envelope."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._count = 0

    def add(self, content: bytes, *, sender: str, recipients: Sequence[str]) -> str:
        """Write a message and return its id; it is listed only once it is whole."""
        with self._lock:
            self._count += 1
            now = datetime.now(UTC)
            message_id = f"{now:%Y%m%dT%H%M%S%f}Z-{self._count:04d}"
        envelope = {"sender": sender, "recipients": list(recipients), "received": now.isoformat(timespec="seconds")}
        (self.folder / f"{message_id}.json").write_text(json.dumps(envelope), encoding="utf-8")
        part = self.folder / f"{message_id}.part"
        part.write_bytes(content)
        part.replace(self.folder / f"{message_id}.eml")
        return message_id

    def ids(self) -> list[str]:
        """Return every message's id, newest first."""
        return sorted(
            (path.stem for path in self.folder.glob("*.eml") if MESSAGE_ID.fullmatch(path.stem)), reverse=True
        )

    def raw(self, message_id: str) -> bytes | None:
        """Return a message's bytes, or None when there is no such message."""
        path = self.folder / f"{message_id}.eml"
        return path.read_bytes() if MESSAGE_ID.fullmatch(message_id) and path.is_file() else None

    def letter(self, message_id: str) -> Letter | None:
        """Return a message ready to be shown, or None when there is no such message."""
        content = self.raw(message_id)
        return None if content is None else read_letter(message_id, content, self._envelope(message_id))

    def _envelope(self, message_id: str) -> Envelope:
        try:
            found = json.loads((self.folder / f"{message_id}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Envelope(sender="", recipients=(), received="")
        return Envelope(
            sender=showable(str(found["sender"])),
            recipients=tuple(showable(str(one)) for one in found["recipients"]),
            received=str(found["received"]),
        )


def read_letter(message_id: str, content: bytes, envelope: Envelope) -> Letter:
    """Take a message apart. However spoiled it is, something is shown: at worst one plain part with the raw text."""
    try:
        message: Message = BytesParser(policy=default).parsebytes(content)
        headers = tuple((showable(name), showable(str(value))) for name, value in message.items())
        parts = tuple(_parts(message))
    except Exception:  # the standard parser raises many kinds of error on hostile headers
        message = BytesParser(policy=compat32).parsebytes(content, headersonly=True)
        headers = tuple((showable(name), showable(str(value))) for name, value in message.raw_items())
        text = showable(content.decode("utf-8", "replace"))
        parts = (Part(kind="text/plain", method="", filename="", content=content, text=text),)
    subject = next((value for name, value in headers if name.lower() == "subject"), "")
    return Letter(id=message_id, envelope=envelope, subject=subject, headers=headers, parts=parts)


def showable(text: str) -> str:
    """Return text that any page can carry: no control characters, no half characters."""
    return _NOT_FOR_A_PAGE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _parts(message: Message) -> Iterator[Part]:
    for leaf in message.walk():
        if leaf.is_multipart():
            continue
        payload = leaf.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        yield Part(
            kind=showable(leaf.get_content_type()),
            method=showable(str(leaf.get_param("method") or "")),
            filename=showable(leaf.get_filename() or ""),
            content=content,
            text=_text(leaf, content),
        )


def _text(leaf: Message, content: bytes) -> str:
    if leaf.get_content_maintype() != "text" and leaf.get_content_type() != "application/ics":
        return f"({len(content)} bytes)"
    try:
        return showable(content.decode(leaf.get_content_charset("utf-8"), "replace"))
    except (LookupError, ValueError):
        return showable(content.decode("utf-8", "replace"))
