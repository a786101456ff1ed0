"""Build the bytes of one mail: text, page and calendar part as Gmail, Outlook and Apple want them."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from booking import clock
from booking.formats.messages import Words
from booking.formats.sender import Sender

_POLICY = SMTP.clone(max_line_length=76)
_UNFOLDED = SMTP.clone(max_line_length=200)
"""A plain header stays on one line: some readers show the space that folding leaves behind."""


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
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = formataddr((sender.name, sender.address))
    mail["To"] = envelope.to
    mail["Reply-To"] = envelope.reply_to or sender.help_email
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(clock.in_london(clock.now()))
    mail["Message-ID"] = f"<{envelope.message_id}>"
    if envelope.in_reply_to:
        mail["In-Reply-To"] = f"<{envelope.in_reply_to}>"
        mail["References"] = f"<{envelope.in_reply_to}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail.set_content(words.text, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if calendar:
        _add_calendar(mail, calendar)
    return _one_tap(envelope) + mail.as_bytes(policy=_UNFOLDED if words.subject.isascii() else _POLICY)


def _one_tap(envelope: Envelope) -> bytes:
    """Return the headers that put a button for stopping into mail programs; they are never folded nor encoded."""
    if envelope.stop_link is None:
        return b""
    lines = (f"List-Unsubscribe: <{envelope.stop_link}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "")
    return "\r\n".join(lines).encode("ascii")


def _add_calendar(mail: EmailMessage, calendar: CalendarPart) -> None:
    """Add the object last among the alternatives, and once more as a file. Bytes keep their CRLF."""
    params = {"charset": "UTF-8", "method": calendar.method, "component": "VEVENT"}
    mail.add_alternative(calendar.ics, maintype="text", subtype="calendar", params=params)
    mail.add_attachment(calendar.ics, maintype="application", subtype="ics", filename="invite.ics")
