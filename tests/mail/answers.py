"""Answers to our invitations, in the forms that the calendar programs give them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking import clock
from booking.models import Booking
from tests.mail.samples import OURS

US = "mx.pact.example.org"
_number = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a mail says; None leaves a line out. `vouched` is what our own mail server wrote on top."""

    uid: str
    attendee: str
    partstat: str = "DECLINED"
    method: str = "REPLY"
    sequence: int | None = 0
    stamped_at: datetime
    sender: str
    vouched: str
    message_id: str
    headers: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


def answer_of(booking: Booking, **values: object) -> Said:
    """Return the decline of a family's own calendar, proved, written a minute from now; any part can be another."""
    address = booking.ical_address or ""
    sender = str(values.get("sender", address))
    domain = sender.rpartition("@")[2]
    defaults: dict[str, object] = {
        "uid": booking.ical_uid,
        "attendee": address,
        "sequence": booking.ical_sequence,
        "stamped_at": clock.now() + timedelta(minutes=1),
        "sender": address,
        "vouched": f"{US}; spf=pass smtp.mailfrom={sender}; dmarc=pass (p=none) header.from={domain}",
        "message_id": f"answer-{next(_number)}@{domain}",
    }
    return Said(**defaults | values)  # type: ignore[arg-type]


def google(said: Said) -> bytes:
    """Google Calendar: METHOD twice, X-NUM-GUESTS, the file attached again, mail marked as a program's."""
    event = _event(
        said,
        "DTSTART:20260630T090000Z",
        f"ORGANIZER;CN={OURS}:mailto:{OURS}",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={attendee};X-NUM-GUESTS=0:mailto:{attendee}",
        "LAST-MODIFIED:20260616T090000Z",
    )
    ics = _calendar(said, "-//Google Inc//Google Calendar 70.9054//EN", event)
    headers = ("Sender: Google Calendar <calendar-notification@google.com>", "Auto-Submitted: auto-generated")
    return _mail(said, ics, *headers, attached="application/ics; name=invite.ics", subject="Declined: Forum")


def outlook(said: Said) -> bytes:
    """Outlook.com: no ORGANIZER, a language at every line, no attachment."""
    event = _event(
        said,
        "ATTENDEE;PARTSTAT={partstat};CN={attendee}:mailto:{attendee}",
        "COMMENT;LANGUAGE=en-GB:\\n",
        "SUMMARY;LANGUAGE=en-GB:Declined: Forum",
        "DTSTART;TZID=GMT Standard Time:20260630T100000",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    )
    ics = _calendar(said, "Microsoft Exchange Server 2010", event)
    headers = ("X-MS-Has-Attach:", "X-MS-TNEF-Correlator:", "Thread-Topic: Forum")
    return _mail(said, ics, *headers, subject="Declined: Forum")


def apple(said: Said) -> bytes:
    """Apple's Calendar: MAILTO in capitals, an e-mail parameter, the file alone beside the words."""
    event = _event(
        said,
        "ATTENDEE;CUTYPE=INDIVIDUAL;EMAIL={attendee};PARTSTAT={partstat}:MAILTO:{attendee}",
        f"ORGANIZER;CN=Kent PACT:MAILTO:{OURS}",
        "DTSTART;TZID=Europe/London:20260630T100000",
        "SUMMARY:Forum",
    )
    ics = _calendar(said, "-//Apple Inc.//macOS 15.1//EN", event)
    return _mail(said, ics, "X-Mailer: Apple Mail (2.3826)", subject="Declined: Forum")


def thunderbird(said: Said) -> bytes:
    """Thunderbird: mixed around alternative, the invitation's lines sent back."""
    event = _event(
        said,
        "CREATED:20260616T085900Z",
        "LAST-MODIFIED:20260616T090000Z",
        "SUMMARY:Forum",
        f"ORGANIZER;CN=Kent PACT:mailto:{OURS}",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};RSVP=FALSE:mailto:{attendee}",
        "DTSTART;TZID=Europe/London:20260630T100000",
        "CLASS:PRIVATE",
    )
    ics = _calendar(said, "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", event)
    return _mail(said, ics, "User-Agent: Mozilla Thunderbird", attached="application/ics; name=invite.ics")


FORMS: dict[str, Callable[[Said], bytes]] = {
    "google": google,
    "outlook": outlook,
    "apple": apple,
    "thunderbird": thunderbird,
}


def _event(said: Said, *lines: str) -> list[str]:
    stamp = f"DTSTAMP:{said.stamped_at:%Y%m%dT%H%M%SZ}"
    sequence = [] if said.sequence is None else [f"SEQUENCE:{said.sequence}"]
    filled = [line.format(partstat=said.partstat, attendee=said.attendee) for line in lines]
    return ["BEGIN:VEVENT", f"UID:{said.uid}", stamp, *sequence, *filled, *said.more, "END:VEVENT"]


def _calendar(said: Said, program: str, event: list[str]) -> bytes:
    head = ["BEGIN:VCALENDAR", f"PRODID:{program}", "VERSION:2.0", "CALSCALE:GREGORIAN", f"METHOD:{said.method}"]
    return "".join(f"{line}\r\n" for line in [*head, *event, "END:VCALENDAR"]).encode()


def _mail(said: Said, ics: bytes, *headers: str, attached: str = "", subject: str = "Declined: Forum") -> bytes:
    head = [
        f"Return-Path: <{said.sender}>",
        f"Authentication-Results: {said.vouched}",
        f"From: Gwen <{said.sender}>",
        f"To: {OURS}",
        f"Subject: {subject}",
        f"Message-ID: <{said.message_id}>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=outer",
        *headers,
        *said.headers,
    ]
    if any(line.startswith("Return-Path") for line in said.headers):
        head = head[1:]
    parts = [
        "",
        "--outer",
        "Content-Type: multipart/alternative; boundary=inner",
        "",
        "--inner",
        "Content-Type: text/plain; charset=UTF-8",
        "",
        "Gwen has declined this invitation.",
        "--inner",
        f"Content-Type: text/calendar; charset=UTF-8; method={said.method}",
        "",
        ics.decode() + "--inner--",
    ]
    if attached:
        parts += ["--outer", f"Content-Type: {attached}", "Content-Disposition: attachment", "", ics.decode()]
    return "\r\n".join([*head, *parts, "--outer--", ""]).encode()
