"""A day of reminders: queued, written and delivered over one loopback relay, against smtplib on one kept line."""

from __future__ import annotations

import resource
import smtplib
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs.deliver import deliver_messages
from booking.jobs.tick import tick
from booking.models import Adult, Booking, Family, Message, Place
from booking.rules.delivery import REMINDERS
from booking.rules.words import BookingStatus, ContactBy, MessageStatus, Origin, PersonKind
from booking.services.identify_booking import give_link
from tests.cast import a_venue, an_event
from tests.conftest import ROOT

FAMILIES_OF_A_SESSION = 50
NOON = datetime(2026, 6, 16, 11, tzinfo=UTC)
"""No reminder leaves at night, whenever this is measured."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How a run went. Speeds are mails a second, memory is megabytes of this process."""

    queued_in: float
    ours: float
    smtplib: float
    memory_before: float
    memory_after: float


def race_reminders(app: Flask, *, number: int) -> Sent:
    """Queue and deliver that many reminders of tomorrow's sessions, then send as many like them by smtplib alone."""
    with relay() as port, time_machine.travel(NOON, tick=True), app.app_context():
        _point_at(app, port)
        _book(number)
        began = time.perf_counter()
        _only_queue()
        queued_in = time.perf_counter() - began
        deliver_messages(is_stopping=_after(100))
        before = _memory()
        began, left = time.perf_counter(), _waiting()
        deliver_messages()
        ours = (left - _waiting()) / (time.perf_counter() - began)
        assert _waiting() == 0, "every reminder has left"
        return Sent(
            queued_in=queued_in,
            ours=ours,
            smtplib=_smtplib_alone(port, _sample(), number=min(number, 3000)),
            memory_before=before,
            memory_after=_memory(),
        )


@contextmanager
def relay() -> Iterator[int]:
    """Run a relay that takes every mail; give its port."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _point_at(app: Flask, port: int) -> None:
    state = app.extensions["mail"]
    state.server, state.port = "127.0.0.1", port


def _book(number: int) -> None:
    """Write bookings that are due a reminder now; by hand, for the speed of booking is measured elsewhere."""
    starts_at = clock.london_time(clock.today() + timedelta(days=1), 10)
    booked_at = clock.now() - timedelta(days=10)
    for first in range(0, number, FAMILIES_OF_A_SESSION):
        event = an_event(starts_at=starts_at, venue_id=a_venue().id, capacity=None)
        with transaction():
            rows = [_a_booking(event.id, first + each) for each in range(FAMILIES_OF_A_SESSION)]
            for row in rows:
                row.confirmed_at = row.created_at = booked_at
            db.session.add_all(rows)
            db.session.flush()
            for row in rows:
                give_link(row)


def _a_booking(event_id: int, number: int) -> Booking:
    family = Family()
    adult = Adult(family=family, name=f"Adult {number}", kind=PersonKind.PARENT_CARER)
    return Booking(
        event_id=event_id,
        family=family,
        reference=f"{number:06d}",
        status=BookingStatus.CONFIRMED,
        origin=Origin.WEB,
        contact_by=ContactBy.EMAIL,
        email=f"bench{number}@example.org",
        ical_uid=f"{uuid.uuid4()}@example.org",
        places=[Place(adult=adult, kind=adult.kind)],
    )


def _only_queue() -> None:
    """Let one tick queue, with a worker that stops before it sends."""
    tick(is_stopping=lambda: True)


def _after(number: int) -> Callable[[], bool]:
    left = [number]

    def is_stopping() -> bool:
        left[0] -= 1
        return left[0] < 0

    return is_stopping


def _waiting() -> int:
    db.session.rollback()
    waiting = select(func.count(Message.id)).where(Message.status == MessageStatus.QUEUED, Message.kind.in_(REMINDERS))
    return db.session.scalar(waiting) or 0


def _memory() -> float:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def _sample() -> EmailMessage:
    """Return a mail of the same size as ours."""
    made = EmailMessage(policy=SMTP)
    made.set_content("A line of a reminder that says when and where.\n" * 30)
    made.add_alternative("<p>A line of a reminder that says when and where.</p>\n" * 90, subtype="html")
    return made


def _smtplib_alone(port: int, sample: EmailMessage, *, number: int) -> float:
    """Send mails on one kept line, each built just before."""
    text, html = (part.get_content() for part in sample.iter_parts())
    with smtplib.SMTP("127.0.0.1", port) as line:
        began = time.perf_counter()
        for each in range(number):
            made = EmailMessage(policy=SMTP)
            made["From"], made["To"] = "bookings@example.org", f"bench{each}@example.org"
            made["Subject"], made["Date"] = "Tomorrow: a session", formatdate()
            made["Message-ID"] = make_msgid(domain="example.org")
            made.set_content(text, cte="quoted-printable")
            made.add_alternative(html, subtype="html", cte="quoted-printable")
            line.sendmail("bookings@example.org", [made["To"]], made.as_bytes())
        return number / (time.perf_counter() - began)
