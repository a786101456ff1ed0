"""Bring past attendance in from a file: all of it or nothing, in bulk, and a second time without effect."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table

from booking import clock
from booking.cipher import lookup_hash
from booking.formats.attendance_input import InputRow, Reading, Step, no_step
from booking.formats.csv_input import Problem
from booking.locality.kinds import District, Locality
from booking.models import Adult, Booking, Event, Family, Place, Venue
from booking.queries.installation import own_domain
from booking.queries.known_attendance import (
    FamilyKey,
    VenueKey,
    added_since,
    adults_since,
    families_since,
    known_adults,
    known_bookings,
    known_families,
    known_sessions,
    known_venues,
    last_number,
    venue_key,
)
from booking.rules.contact import normal_email
from booking.rules.words import BookingMode, BookingStatus, ContactBy, EventStatus, Outcome
from booking.services.insert_rows import insert_rows
from booking.services.record_audit import record_audit

_OUR_FAMILY = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
_OUR_ADULT = re.compile(r"a-([0-9a-f]{32})")

Person = tuple[int, str]
"""An adult of the file: the family's number, and by what it is known within the family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held, and what was (or would be) new."""

    total: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    left_out: int = 0
    known_bookings: int = 0
    sessions: int = 0
    venues: int = 0
    families: int = 0
    bookings: int = 0
    places: int = 0
    is_written: bool = False


def import_attendance(
    reading: Reading,
    *,
    locality: Locality,
    skip_bad: bool = False,
    dry_run: bool = False,
    screen: str = "command",
    step: Step = no_step,
    for_staff: int | None = None,
) -> Imported:
    """Write what is new in a file that was read. With a problem nothing is written, unless `skip_bad`.

    On a `dry_run` nothing is written either, and nothing is locked; `step` hears how many places more are. A booking
    that is known already (by its id of an earlier import, or by its reference) is left as it is. `for_staff` is who
    asked, where a worker does it.
    """
    known = known_bookings({row.booking_id for row in reading.rows})
    rows = [row for row in reading.rows if row.booking_id not in known]
    plan = _Plan(rows, locality, now=clock.now())
    write = not dry_run and (skip_bad or not reading.problems)
    if write and rows:
        plan.write(locality, step)
        facts = {"bookings": plan.count_bookings, "places": len(rows), "left_out": reading.total - len(reading.rows)}
        record_audit("import_attendance", screen=screen, facts=facts, for_staff=for_staff)
    return Imported(
        total=reading.total,
        problems=reading.problems,
        notes=reading.notes,
        left_out=reading.total - len(reading.rows),
        known_bookings=len(known),
        sessions=len(plan.new_sessions),
        venues=len(plan.new_venues),
        families=len(plan.new_families),
        bookings=plan.count_bookings,
        places=len(rows),
        is_written=write,
    )


def import_summary(done: Imported) -> str:
    """Say in a few sentences what an import did, or would do."""
    verb = "Imported" if done.is_written else "To import"
    told = (
        f"{verb}: {done.places:,} places in {done.bookings:,} bookings; new are {done.sessions:,} sessions, "
        f"{done.venues:,} venues and {done.families:,} families. Rows read: {done.total:,}."
    )
    if done.known_bookings:
        told += f" Bookings known already, left as they are: {done.known_bookings:,}."
    return told + (f" Rows left out: {done.left_out:,}." if done.left_out else "")


class _Plan:
    """What must be added so that every row has its session, venue, family and adult."""

    def __init__(self, rows: Sequence[InputRow], locality: Locality, *, now: datetime) -> None:
        self._rows = rows
        self._venue_of = _VenuesByDay(locality)
        self._now = now
        self._family_key = lru_cache(maxsize=None)(family_key)
        self._sessions = known_sessions({row.session_id for row in rows})
        self._families = known_families({key for row in rows if (key := self._family_key(row.family_id))})
        self.new_sessions = [row for row in _first_of("session_id", rows) if row.session_id not in self._sessions]
        self.new_venues = self._venue_of.missing([row for row in self.new_sessions if row.venue])
        keys = dict.fromkeys(key for row in rows if (key := self._family_key(row.family_id)))
        self.new_families = [key for key in keys if key not in self._families]
        self.count_bookings = len({row.booking_id for row in rows})

    def write(self, locality: Locality, step: Step) -> None:
        """Write everything in bulk, parents before children."""
        self._write_venues(locality)
        self._write_sessions()
        self._write_families()
        people = [self._adult(row) for row in self._rows]
        adults = self._write_adults(people)
        bookings = self._write_bookings()
        places = (
            _place(row, bookings[row.booking_id], adults[person] if person else None)
            for row, person in zip(self._rows, people, strict=True)
        )
        insert_rows(_table(Place), places, step)

    def _write_venues(self, locality: Locality) -> None:
        """Make the places that are not known; they are archived, for nobody has checked them."""
        values = [
            {
                "code": f"import-{_digest(row.venue_district, row.venue)[:16]}",
                "name": row.venue,
                "town": locality.register[row.venue_district].name,
                "outcode": "",
                "district": row.venue_district,
                "archived_at": self._now,
                "created_at": self._now,
            }
            for row in self.new_venues
        ]
        insert_rows(_table(Venue), values)
        if values:
            self._venue_of.read()

    def _write_sessions(self) -> None:
        domain, last = own_domain(), last_number(Event)
        insert_rows(_table(Event), (self._session(row, domain) for row in self.new_sessions))
        self._sessions |= added_since(last, Event)

    def _session(self, row: InputRow, domain: str) -> dict[str, Any]:
        mark = _digest("session", row.session_id)
        return {
            "slug": f"{_slug(row.title)}-{row.starts_at:%Y-%m-%d}-{mark[:8]}",
            "import_id": row.session_id,
            "title": row.title,
            "kind": row.kind,
            "delivery": row.delivery,
            "booking_mode": BookingMode.OPEN if row.capacity is None else BookingMode.PLACES,
            "status": EventStatus.CANCELLED if row.is_cancelled else EventStatus.PUBLISHED,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "venue_id": self._venue_of.get(row) if row.venue else None,
            "capacity": row.capacity,
            "feed_uid": f"import-{mark[:32]}@{domain}",
            "first_published_at": row.starts_at,
            "register_closed_at": None if row.is_cancelled else row.ends_at,
            "changed_at": self._now,
            "created_at": self._now,
        }

    def _write_families(self) -> None:
        nothing: dict[str, Any] = {"email_hash": None, "import_hash": None, "created_at": self._now}
        new = (nothing | {"key": str(uuid.uuid4())} | {column: value} for column, value in self.new_families)
        last = last_number(Family)
        insert_rows(_table(Family), new)
        self._families |= families_since(last)

    def _write_adults(self, people: Sequence[Person | None]) -> dict[Person, int]:
        """Make the adults that are not known and return all by family and mark."""
        wanted = dict.fromkeys(person for person in people if person)
        known, last = known_adults({family for family, _mark in wanted}), last_number(Adult)
        new = ({"family_id": family, "import_hash": mark} for family, mark in wanted if (family, mark) not in known)
        insert_rows(_table(Adult), new)
        return known | adults_since(last)

    def _write_bookings(self) -> dict[str, int]:
        domain, last = own_domain(), last_number(Booking)
        insert_rows(_table(Booking), (self._booking(row, domain) for row in _first_of("booking_id", self._rows)))
        return added_since(last, Booking)

    def _booking(self, row: InputRow, domain: str) -> dict[str, Any]:
        mark = _digest("booking", row.booking_id)
        return {
            "event_id": self._sessions[row.session_id],
            "family_id": self._family(row),
            "import_id": row.booking_id,
            "reference": f"H{secrets.token_hex(5).upper()}",
            "status": row.status,
            "origin": row.origin,
            "contact_by": ContactBy.RING_ME,
            "district": row.family_district,
            "queued_at": row.booked_at if row.status == BookingStatus.WAITING else None,
            "confirmed_at": row.booked_at if row.status == BookingStatus.CONFIRMED else None,
            "cancelled_at": row.cancelled_at,
            "cancelled_by": row.cancelled_by,
            "ical_uid": f"import-{mark[:32]}@{domain}",
            "created_at": row.booked_at,
        }

    def _family(self, row: InputRow) -> int | None:
        key = self._family_key(row.family_id)
        return self._families[key] if key else None

    def _adult(self, row: InputRow) -> Person | None:
        family = self._family(row)
        return (family, adult_mark(row)) if family is not None and row.adult_id else None


def _place(row: InputRow, booking_id: int, adult_id: int | None) -> dict[str, Any]:
    return {
        "booking_id": booking_id,
        "adult_id": adult_id,
        "outcome": row.outcome,
        "recorded_at": None if row.outcome == Outcome.NOT_RECORDED else row.ends_at,
    }


def family_key(text: str) -> FamilyKey | None:
    """Return how a family of the file is found: by its address, by the key we gave out, or by any stable text."""
    if not text:
        return None
    if "@" in text:
        return "email_hash", lookup_hash("email", normal_email(text))
    if _OUR_FAMILY.fullmatch(text.lower()):
        return "key", text.lower()
    return "import_hash", lookup_hash("import-family", text)


def adult_mark(row: InputRow) -> str:
    """Return what an adult of the file is known by within the family; it tells nothing of what the file says."""
    ours = _OUR_ADULT.fullmatch(row.adult_id)
    return ours[1] if ours else lookup_hash("import-adult", f"{row.family_id}\0{row.adult_id}")


class _VenuesByDay:
    """Every venue by its name, however it is written, and the district it is in on the day of a session."""

    def __init__(self, locality: Locality) -> None:
        self._locality = locality
        self.read()

    def read(self) -> None:
        """Read which venues there are."""
        self._rows = known_venues()
        self._known: dict[tuple[District, ...], dict[VenueKey, int]] = {}

    def get(self, row: InputRow) -> int | None:
        """Give the venue of a row, if there is one."""
        return self._on(row).get(venue_key(row.venue, row.venue_district))

    def missing(self, rows: Sequence[InputRow]) -> list[InputRow]:
        """Give one row for each venue to be made: the earliest, whose district leads to those of the later ones."""
        made: list[InputRow] = []
        found: dict[tuple[District, ...], set[VenueKey]] = {}
        for row in sorted(rows, key=lambda row: row.starts_at):
            then = self._then(row)
            if then.districts not in found:
                found[then.districts] = {self._key_on(then, each.venue, each.venue_district) for each in made}
            key = venue_key(row.venue, row.venue_district)
            if key not in self._on(row) and key not in found[then.districts]:
                made.append(row)
                found[then.districts].add(key)
        return made

    def _on(self, row: InputRow) -> dict[VenueKey, int]:
        then = self._then(row)
        if then.districts not in self._known:
            self._known[then.districts] = {self._key_on(then, name, code): id_ for id_, name, code in self._rows}
        return self._known[then.districts]

    def _then(self, row: InputRow) -> Locality:
        return self._locality.on(clock.in_london(row.starts_at).date())

    @staticmethod
    def _key_on(then: Locality, name: str, code: str) -> VenueKey:
        return venue_key(name, then.code_of(code) or code)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _first_of(column: str, rows: Iterable[InputRow]) -> list[InputRow]:
    """Keep the first row of each session, or of each booking, in the file's order."""
    first: dict[str, InputRow] = {}
    for row in rows:
        first.setdefault(getattr(row, column), row)
    return list(first.values())


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50].rstrip("-") or "session"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
