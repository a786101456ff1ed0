"""A second calendar program, which shares no code with us, applies our mails: one entry, moving, then gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar

from booking import clock
from booking.jobs import deliver_messages
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, change, move
from tests.mail.relay import Relay, as_mail


class OtherCalendar:
    """Xandikos, a CalDAV server that applies the invitations it is mailed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def receive(self, raw: bytes) -> None:
        """Hand it a mail. It leaves automatic mails alone, as no mail client does, so that header is taken off."""
        mail = as_mail(raw)
        del mail["Auto-Submitted"]
        command = [sys.executable, "-m", "xandikos", "import-imip", "--directory", str(self.folder), "--autocreate"]
        done = subprocess.run(command, input=mail.as_bytes(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def entries(self) -> list[Calendar]:
        """Return what stands in the person's calendar."""
        files = self.folder.glob("user/calendars/**/*.ics")
        return [Calendar.from_ical(path.read_bytes()) for path in files]


@pytest.fixture
def other(tmp_path: Path) -> OtherCalendar:
    return OtherCalendar(tmp_path)


@pytest.mark.one_database
def test_one_entry_that_moves_and_goes(in_app: Flask, relay: Relay, other: OtherCalendar) -> None:
    booking = a_booking(an_event())
    deliver_messages()
    other.receive(relay.raw[-1])
    (entry,) = other.entries()
    (event,) = entry.walk("VEVENT")
    assert clock.in_london(event["DTSTART"].dt).isoformat() == "2026-06-30T10:00:00+01:00"

    move(booking, days=126)
    deliver_messages()
    other.receive(relay.raw[-1])
    (entry,) = other.entries()
    (event,) = entry.walk("VEVENT")
    assert clock.in_london(event["DTSTART"].dt).isoformat() == "2026-11-03T10:00:00+00:00"
    assert str(event["UID"]) == booking.ical_uid

    change(booking, room="Upstairs")
    deliver_messages()
    other.receive(relay.raw[-1])
    other.receive(relay.raw[-1])
    (entry,) = other.entries()
    assert "Upstairs" in str(entry.walk("VEVENT")[0]["LOCATION"])

    cancel(booking)
    deliver_messages()
    other.receive(relay.raw[-1])
    left = [str(event.get("STATUS")) for entry in other.entries() for event in entry.walk("VEVENT")]
    assert left in ([], ["CANCELLED"])
