"""Read one mail that came in: who it is from, what proves that, what a person wrote, a calendar's answer, a bounce."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses
from itertools import islice

import authres
from icalendar import Calendar
from icalendar.cal import Component

from booking.formats.incoming_text import words_of
from booking.formats.returned import Bounce, bounce_in

log = logging.getLogger(__name__)

LARGEST = 5_000_000
"""Bytes of a mail that are looked at; a longer one is cut."""

MOST_PARTS = 60
LARGEST_CALENDAR = 100_000
LONGEST_HEADER, MOST_HEADERS = 4_000, 40
"""Characters, and headers of one name: reading a header takes time that grows with the square of its length."""

MAILBOX_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
LISTS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "Feedback-Id")
PRECEDENCES = ("bulk", "junk", "list", "auto_reply", "auto-reply")
MACHINES = re.compile(
    r"(automatic reply|auto[- ]?reply|auto(matic)? response|out of (the )?office|odpowied[zź] automatyczna)\b|auto:",
    re.IGNORECASE,
)
"""How the subjects of automatic answers begin that carry no mark."""


class _ShortHeaders(EmailPolicy):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


_POLICY = _ShortHeaders()


@dataclass(frozen=True, kw_only=True)
class CalendarReply:
    """A calendar object that came by mail; `method` is empty if the mail and the object do not name the same."""

    method: str
    uid: str
    attendee: str
    partstat: str
    sequence: int | None
    dtstamp: datetime | None
    comment: str
    events_count: int
    attendees_count: int


@dataclass(frozen=True, kw_only=True)
class IncomingMail:
    """A mail as far as it could be read. Addresses are in small letters; ids of mails come without their brackets.

    `auto_submitted` is "" for a mail that a person sent, else how it says that none did. `passes_dmarc_for` is the
    domain of the sender's address if our own mail server vouches for it.
    """

    message_id: str
    from_address: str
    to_addresses: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    has_empty_envelope: bool
    auto_submitted: str
    passes_dmarc_for: str | None
    subject: str
    text: str
    calendar: CalendarReply | None
    bounce: Bounce | None
    is_readable: bool = True


def read_mail(raw: bytes, *, authserv_id: str) -> IncomingMail:
    """Return what a mail says, whatever state it is in. `authserv_id` names our own mail server in its headers."""
    try:
        return _read(raw[:LARGEST], authserv_id)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # The parsers' own faults, met in mails that break every rule: no mail may stop the others.
        log.warning("a mail could not be read: %s", type(error).__name__)
        return UNREADABLE


UNREADABLE = IncomingMail(
    message_id="",
    from_address="",
    to_addresses=(),
    in_reply_to=(),
    has_empty_envelope=False,
    auto_submitted="",
    passes_dmarc_for=None,
    subject="",
    text="",
    calendar=None,
    bounce=None,
    is_readable=False,
)


def _read(raw: bytes, authserv_id: str) -> IncomingMail:
    mail: EmailMessage = message_from_bytes(raw, policy=_POLICY)  # type: ignore[arg-type]  # stubs want it generic
    parts = list(islice(_parts(mail), MOST_PARTS))
    froms = _addresses(mail, "From")
    sender = froms[0] if len(froms) == 1 else ""
    empty = any(value.strip() in ("<>", "") for value in _headers(mail, "Return-Path"))
    return IncomingMail(
        message_id="".join(_ids(mail, "Message-ID")[:1]),
        from_address=sender,
        to_addresses=tuple(dict.fromkeys(address for name in MAILBOX_HEADERS for address in _addresses(mail, name))),
        in_reply_to=tuple(dict.fromkeys([*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))])),
        has_empty_envelope=empty,
        auto_submitted=_auto_submitted(mail),
        passes_dmarc_for=_vouched_domain(mail, sender, authserv_id),
        subject=" ".join("".join(_headers(mail, "Subject")[:1]).split())[:300],
        text=words_of(parts),
        calendar=_calendar(parts),
        bounce=bounce_in(mail, parts, is_from_machine=empty or _is_mail_system(sender)),
    )


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Give the parts of a mail in order; mails inside the mail stay closed."""
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and isinstance(children := part.get_payload(), list):
            waiting[:0] = [child for child in children if isinstance(child, EmailMessage)]


def _headers(mail: EmailMessage, name: str) -> list[str]:
    """Return the headers of a name, decoded where that succeeds, without the zero bytes PostgreSQL cannot look for."""
    raw = [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()][:MOST_HEADERS]
    try:
        return [str(_POLICY.header_fetch_parse(name, value)).replace("\x00", "") for value in raw]
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):  # the parser's faults, not the mail's
        return [value.encode("ascii", "replace").decode().replace("\x00", "") for value in raw]


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    found = getaddresses([" ".join(value.split()) for value in _headers(mail, name)])
    return [address.strip().lower() for _name, address in found if "@" in address]


def _ids(mail: EmailMessage, name: str) -> list[str]:
    """Return the ids of mails that a header names, without their brackets."""
    value = " ".join(_headers(mail, name))
    return re.findall(r"<\s*([^<>\s]{1,250})\s*>", value) or re.findall(r"\S+@\S+", value)[:1]


def _auto_submitted(mail: EmailMessage) -> str:
    """Return how a mail says that no person sent it (RFC 3834 and the older ways), or nothing."""
    for value in _headers(mail, "Auto-Submitted"):
        word = value.partition(";")[0].strip().lower()
        if word and word != "no":
            return word[:40]
    for value in _headers(mail, "Precedence"):
        if value.strip().lower() in PRECEDENCES:
            return "bulk"
    if any(_headers(mail, name) for name in LISTS):
        return "list"
    return "auto-replied" if MACHINES.match("".join(_headers(mail, "Subject")[:1])) else ""


def _is_mail_system(sender: str) -> bool:
    return sender.partition("@")[0] in ("mailer-daemon", "postmaster")


def _vouched_domain(mail: EmailMessage, sender: str, authserv_id: str) -> str | None:
    """Return the sender's domain if the topmost result of our own mail server says that it passes DMARC (RFC 8601).

    Results of other servers, and of ours below the topmost, may have been written by anybody.
    """
    domain = sender.rpartition("@")[2]
    if not domain or not authserv_id:
        return None
    for value in _headers(mail, "Authentication-Results"):
        one_line = " ".join(value.split())
        if one_line.partition(";")[0].split(" ")[0].lower() == authserv_id.lower():
            return domain if _passes_dmarc(one_line, domain) else None
    return None


def _passes_dmarc(value: str, domain: str) -> bool:
    try:
        header = authres.all_features().parse(f"Authentication-Results: {value}")
    except authres.AuthResError:
        return False
    results = [result for result in header.results if result.method == "dmarc"]
    return bool(results) and all(
        result.result == "pass"
        and [one.value.lower() for one in result.properties if (one.type, one.name) == ("header", "from")] == [domain]
        for result in results
    )


def _calendar(parts: list[EmailMessage]) -> CalendarReply | None:
    """Return the first calendar object that can be read: what a program shows in the mail, before what is attached."""
    shown = [part for part in parts if part.get_content_type() == "text/calendar"]
    attached = [part for part in parts if part.get_content_type() == "application/ics"]
    for part in [*shown, *attached]:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and len(content) <= LARGEST_CALENDAR:
            reply = _reply_in(content, said=str(part.get_param("method") or ""))
            if reply:
                return reply
    return None


def _reply_in(content: bytes, *, said: str) -> CalendarReply | None:
    try:
        calendar = Calendar.from_ical(content.replace(b"\x00", b"").decode("utf-8", "replace"))
        events = [one for one in calendar.walk("VEVENT") if isinstance(one, Component)]
        method = str(calendar.get("METHOD", "")).upper()
        return _answer(events, method if said.upper() in ("", method) else "") if events else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _answer(events: list[Component], method: str) -> CalendarReply:
    event = events[0]
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    first = attendees[0] if attendees else ""
    parameters = getattr(first, "params", {})
    comment = event.get("COMMENT", "")
    return CalendarReply(
        method=method,
        uid=str(event.get("UID", "")),
        attendee=re.sub(r"^mailto:", "", str(first).strip(), flags=re.IGNORECASE).lower(),
        partstat=str(parameters.get("PARTSTAT", "")).upper(),
        sequence=_number(event.get("SEQUENCE")),
        dtstamp=_moment(event.get("DTSTAMP")),
        comment="\n".join(map(str, comment)) if isinstance(comment, list) else str(comment),
        events_count=len(events),
        attendees_count=len(attendees),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _moment(value: object) -> datetime | None:
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
