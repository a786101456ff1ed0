"""Two real calendar programs that share no code with us, as a family would use them: one applies mail, one files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tests.mail.relay import as_mail, calendar_of

LONDON = ZoneInfo("Europe/London")
FIELDS = ("uid", "title", "start", "end", "location", "cancelled")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One entry as the person sees it."""

    uid: str
    title: str
    start: datetime
    end: datetime
    location: str


class CalendarProgram(Protocol):
    """A program that keeps somebody's calendar."""

    def receive(self, raw: bytes) -> None:
        """Take in a mail as it came."""

    def shown(self) -> list[Shown]:
        """Return what stands in the calendar and is not crossed out."""

    def kept(self) -> int:
        """Return how many entries there are, crossed out or not."""


class Xandikos:
    """A CalDAV server that applies the invitations it is mailed (iMIP)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def receive(self, raw: bytes) -> None:
        """Hand it the mail. It leaves automatic mails alone, as no mail client does, so that header is taken off."""
        mail = as_mail(raw)
        del mail["Auto-Submitted"]
        command = [sys.executable, "-m", "xandikos", "import-imip", "--directory", str(self.folder), "--autocreate"]
        _run(command, given=mail.as_bytes())

    def shown(self) -> list[Shown]:
        """Read what it stores."""
        return [
            Shown(
                uid=str(event["UID"]),
                title=str(event["SUMMARY"]),
                start=event["DTSTART"].dt.astimezone(UTC),
                end=event["DTEND"].dt.astimezone(UTC),
                location=str(event["LOCATION"]),
            )
            for path in self._files()
            for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")
            if str(event.get("STATUS")) != "CANCELLED"
        ]

    def kept(self) -> int:
        """Count its files."""
        return len(self._files())

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("user/calendars/**/*.ics"))


class Khal:
    """A calendar for the terminal: the file of the mail is opened with it. It crosses out what is cancelled."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "family").mkdir()
        self.folder, self.settings = folder, folder / "khal.conf"
        self.settings.write_text(_KHAL_SETTINGS.format(folder=folder))

    def receive(self, raw: bytes) -> None:
        """Open the attached file."""
        file = self.folder / "invite.ics"
        file.write_bytes(calendar_of(as_mail(raw)) or b"")
        self._khal("import", "--batch", "-a", "family", str(file))

    def shown(self) -> list[Shown]:
        """Ask it for its list."""
        return [
            Shown(
                uid=row["uid"],
                title=row["title"],
                start=_moment(row["start"]),
                end=_moment(row["end"]),
                location=row["location"],
            )
            for row in self._rows()
            if not row["cancelled"]
        ]

    def kept(self) -> int:
        """Count the rows of its list."""
        return len(self._rows())

    def _rows(self) -> list[dict[str, str]]:
        asked = [part for field in FIELDS for part in ("--json", field)]
        lines = self._khal("list", "--once", *asked, "2026-06-01", "2027-12-31").splitlines()
        return [row for line in lines if line.strip() for row in json.loads(line)]

    def _khal(self, *words: str) -> str:
        return _run([sys.executable, "-m", "khal", "-c", str(self.settings), *words]).decode()


def _run(command: list[str], *, given: bytes = b"") -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _moment(said: str) -> datetime:
    return datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)


_KHAL_SETTINGS = """[calendars]
[[family]]
path = {folder}/family
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/London
default_timezone = Europe/London
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = family
"""
