"""Find the words a person wrote in a mail that came in, without what their program quoted beneath."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import EmailMessage
from html.parser import HTMLParser

LONGEST = 8_000
LEFT_OUT = "[…]"
"""Stands where something quoted was cut."""

_INTRO = re.compile(r"(On|Am|W dniu|Dnia|Le|El)\b.{4,300}\b(wrote|schrieb|pisze|napisał(\(a\))?|a écrit|escribió)\s?:$")
_RULER = re.compile(
    r"-{2,}\s*(Original Message|Forwarded message|Wiadomość oryginalna)\s*-{2,}$|_{20,}$", re.IGNORECASE
)
_SENT_BLOCK = re.compile(r"\*?(From|Od):\*?\s.*\n\*?(Sent|Date|To|Subject|Wysłano|Data|Do|Temat):", re.IGNORECASE)
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "hr", "table", "ul", "ol")
_UNSEEN = ("style", "script", "head", "title")


def words_of(parts: Sequence[EmailMessage]) -> str:
    """Return the words of the part that people read: its plain form, else its page without the markup."""
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    plain = "\n\n".join(filter(None, (_text(part) for part in shown if part.get_content_type() == "text/plain")))
    if not plain.strip():
        page = next((part for part in shown if part.get_content_type() == "text/html"), None)
        plain = _without_markup(_text(page)) if page else ""
    return without_quotes(plain)[:LONGEST]


def without_quotes(text: str) -> str:
    """Return a mail's own words. What was answered between quoted lines stays; if nothing stays, all of it does."""
    lines = [line.rstrip() for line in text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    for number, line in enumerate(lines):
        bare = line.strip().lstrip("\u200b\ufeff")
        if _RULER.match(bare) or _SENT_BLOCK.match("\n".join(one.strip() for one in lines[number : number + 2])):
            kept.append(LEFT_OUT)
            break
        quoted = line.startswith(">") or _is_intro(lines, number)
        if not quoted:
            kept.append(line)
        elif kept[-1:] != [LEFT_OUT]:
            kept.append(LEFT_OUT)
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return own if own.replace(LEFT_OUT, "").strip() else re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_intro(lines: list[str], number: int) -> bool:
    """Tell "On Monday … wrote:", which programs break over up to three lines, from words: quoted lines follow it."""
    for first in range(max(0, number - 2), number + 1):
        for last in range(number, min(len(lines), first + 3)):
            if _INTRO.match(" ".join(line.strip() for line in lines[first : last + 1])[:400]):
                return True
    return False


def _text(part: EmailMessage) -> str:
    """Decode a part by the charset it names, and where that is wrong as well as can be."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    content = content[: 6 * LONGEST]
    try:
        return content.decode(str(part.get_content_charset() or "utf-8"), "strict")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


class _Plain(HTMLParser):
    """Collects what a page shows as lines of text; what it quotes begins with >."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._unseen = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._quoted += tag == "blockquote"
        if tag in _BREAKS or tag == "blockquote":
            self.lines.append("> " if self._quoted else "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        if tag in _BREAKS or tag == "blockquote":
            self.lines.append("> " if self._quoted else "")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += re.sub(r"\s+", " ", data)


def _without_markup(page: str) -> str:
    reader = _Plain()
    reader.feed(page)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in reader.lines)).strip()
