"""Build the bytes of one mail: text, page and calendar part as Gmail, Outlook and Apple want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from booking import clock
from booking.formats.messages import Words
from booking.formats.sender import Sender

_POLICY = compat32.clone(linesep="\r\n", max_line_length=76)
"""Of the parts. `EmailMessage` takes every header apart first, and spends two thirds of its time on it."""
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """One iTIP object and its method."""

    method: str
    ics: bytes


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Whom a mail is for, which mail it answers, where answers to it go if not to the help address, and where one tap
    stops what it belongs to (RFC 8058)."""

    to: str
    message_id: str
    in_reply_to: str | None = None
    reply_to: str | None = None
    stop_link: str | None = None


def write_mail(words: Words, envelope: Envelope, *, sender: Sender, calendar: CalendarPart | None = None) -> bytes:
    """Return the mail, CRLF and seven bits throughout (`calendar-and-mail.md` 1.4 and 5)."""
    alternatives = MIMEMultipart("alternative", policy=_POLICY)
    alternatives.attach(MIMEText(words.text, "plain", _QUOTED, policy=_POLICY))  # type: ignore[arg-type]
    alternatives.attach(MIMEText(words.html, "html", _QUOTED, policy=_POLICY))  # type: ignore[arg-type]
    mail = _with_calendar(alternatives, calendar) if calendar else alternatives
    headers = "".join(_line(name, value) for name, value in _headers(words, envelope, sender))
    return headers.encode("ascii") + mail.as_bytes(policy=_POLICY)


def _headers(words: Words, envelope: Envelope, sender: Sender) -> Iterator[tuple[str, str]]:
    yield "From", formataddr((sender.name, sender.address))
    yield "To", envelope.to
    yield "Reply-To", envelope.reply_to or sender.help_email
    yield "Subject", words.subject
    yield "Date", format_datetime(clock.in_london(clock.now()))
    yield "Message-ID", f"<{envelope.message_id}>"
    if envelope.in_reply_to:
        yield "In-Reply-To", f"<{envelope.in_reply_to}>"
        yield "References", f"<{envelope.in_reply_to}>"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    if envelope.stop_link:
        yield "List-Unsubscribe", f"<{envelope.stop_link}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _line(name: str, value: str) -> str:
    """Return one header. A plain one is never folded: some readers show the space that folding leaves behind."""
    if "\r" in value or "\n" in value:
        raise ValueError(f"the header {name} has more than one line")
    said = value if value.isascii() else Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {said}\r\n"


def _with_calendar(alternatives: MIMEMultipart, calendar: CalendarPart) -> MIMEMultipart:
    """Add the object last among the alternatives, and once more as a file. Bytes keep their CRLF."""
    part = MIMENonMultipart(
        "text", "calendar", policy=_POLICY, charset="UTF-8", method=calendar.method, component="VEVENT"
    )
    part.set_payload(calendar.ics)
    encode_base64(part)
    alternatives.attach(part)
    file = MIMEApplication(calendar.ics, "ics", policy=_POLICY)
    file.add_header("Content-Disposition", "attachment", filename="invite.ics")
    mail = MIMEMultipart("mixed", policy=_POLICY)
    mail.attach(alternatives)
    mail.attach(file)
    return mail
