"""Bring past attendance in from a file: all of it or nothing, in bulk, and a second time without effect."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
from booking.services.insert_rows import Prepared, insert_prepared, prepare_rows
from booking.services.record_audit import record_audit
from booking.services.take_numbers import next_number, take_numbers

_OUR_FAMILY = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
_OUR_ADULT = re.compile(r"a-([0-9a-f]{32})")

_TAKES_LONG = (Booking.__tablename__, Place.__tablename__)
"""Tables of which it is said how many rows are in."""

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
    plan: Plan | None = None,
) -> Imported:
    """Write what is new in a file that was read. With a problem nothing is written, unless `skip_bad`.

    On a `dry_run` nothing is written either, and nothing is locked; `step` hears how many rows more are. A booking
    that is known already (by its id of an earlier import, or by its reference) is left as it is. `for_staff` is who
    asked, where a worker does it. `plan` is what was worked out before, outside the transaction: where it does not
    hold any more, another is made.
    """
    write = not dry_run and (skip_bad or not reading.problems)
    if plan is None or (write and not plan.still_holds()):
        plan = plan_import(reading, locality=locality)
    if write and plan.rows:
        plan.write(step)
        facts = {"bookings": plan.count_bookings, "places": len(plan.rows)}
        facts |= {"left_out": reading.total - len(reading.rows)}
        record_audit("import_attendance", screen=screen, facts=facts, for_staff=for_staff)
    return Imported(
        total=reading.total,
        problems=reading.problems,
        notes=reading.notes,
        left_out=reading.total - len(reading.rows),
        known_bookings=plan.count_known,
        sessions=len(plan.new_sessions),
        venues=len(plan.new_venues),
        families=len(plan.new_families),
        bookings=plan.count_bookings,
        places=len(plan.rows),
        is_written=write,
    )


def plan_import(reading: Reading, *, locality: Locality, to_write: bool = False) -> Plan:
    """Find out what is new in a file that was read, and work out every row of it if it is `to_write`.

    This reads alone. On SQLite, which has one writer, everybody else writes meanwhile, and waits for the inserts alone.
    """
    plan = Plan(reading.rows, locality, now=clock.now())
    if to_write:
        plan.prepare()
    return plan


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


class Plan:
    """What must be added so that every row has its session, venue, family and adult."""

    def __init__(self, rows: Sequence[InputRow], locality: Locality, *, now: datetime) -> None:
        self._last = {model: last_number(model) for model in (Event, Family, Adult, Booking)}
        known = known_bookings({row.booking_id for row in rows})
        self.count_known = len(known)
        self.rows = rows = [row for row in rows if row.booking_id not in known]
        self._locality = locality
        self._venue_of = _VenuesByDay(locality)
        self._venues_then = self._venue_of.rows
        self._now = now
        self._family_key = lru_cache(maxsize=None)(family_key)
        self._known_sessions = self._sessions = known_sessions({row.session_id for row in rows})
        keys = dict.fromkeys(key for row in rows if (key := self._family_key(row.family_id)))
        self._known_families = self._families = known_families(keys)
        self.new_sessions = [row for row in _first_of("session_id", rows) if row.session_id not in self._sessions]
        self.new_venues = self._venue_of.missing([row for row in self.new_sessions if row.venue])
        self.new_families = [key for key in keys if key not in self._families]
        self.count_bookings = len({row.booking_id for row in rows})
        self._known_adults: dict[Person, int] = {}
        self._new_adults: list[Person] = []
        self._inserts: list[Prepared] = []
        self._taken: dict[str, int] = {}

    def prepare(self) -> None:
        """Work out all rows to be inserted, parents before children, numbers and all."""
        self._prepare_venues()
        self._prepare_sessions()
        self._prepare_families()
        people = [self._adult(row) for row in self.rows]
        adults = self._prepare_adults(people)
        bookings = self._prepare_bookings()
        places = (
            _place(row, bookings[row.booking_id], adults[person] if person else None)
            for row, person in zip(self.rows, people, strict=True)
        )
        self._keep(Place, places)

    def still_holds(self) -> bool:
        """Return whether nothing has come or gone since that the plan would be another with."""
        return (
            self._is_new(row.booking_id for row in self.rows)(added_since(self._last[Booking], Booking))
            and self._is_new(row.session_id for row in self.new_sessions)(added_since(self._last[Event], Event))
            and self._is_new(self.new_families)(families_since(self._last[Family]))
            and self._is_new(self._new_adults)(adults_since(self._last[Adult]))
            and known_venues() == self._venues_then
            and known_sessions(self._known_sessions) == self._known_sessions
            and known_families(self._known_families) == self._known_families
            and self._adults_of(self._known_families.values()) == self._known_adults
        )

    def write(self, step: Step) -> None:
        """Insert everything in bulk. On SQLite this is what others wait for."""
        if not self._inserts:
            self.prepare()
        self._move_numbers()
        for insert in self._inserts:
            insert_prepared(insert, step if insert.table.name in _TAKES_LONG else no_step)

    @property
    def count_rows(self) -> int:
        """Return how many rows `write` tells its `step` of."""
        return self.count_bookings + len(self.rows)

    @staticmethod
    def _is_new(wanted: Iterable[Any]) -> Callable[[Iterable[Any]], bool]:
        return set(wanted).isdisjoint

    def _take(self, model: Any, count: int) -> Sequence[int]:
        numbers = take_numbers(model, count)
        if isinstance(numbers, range):
            self._taken[model.__tablename__] = numbers.start
        return numbers

    def _keep(self, model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        prepared = prepare_rows(_table(model), rows)
        prepared.rows = list(prepared.rows)
        self._inserts.append(prepared)

    def _move_numbers(self) -> None:
        """Let new rows have the numbers that come next, where others have got those meanwhile (on SQLite alone)."""
        models = {model.__tablename__: model for model in (Venue, Event, Family, Adult, Booking)}
        moved = {name: (first, next_number(models[name]) - first) for name, first in self._taken.items()}
        for insert in self._inserts:
            for place, name in enumerate(insert.names):
                first, by = moved.get(_points_to(insert.table, name), (0, 0))
                if by > 0:
                    for row in insert.rows:
                        if row[place] is not None and row[place] >= first:
                            row[place] += by
        self._taken |= {name: first + max(by, 0) for name, (first, by) in moved.items()}

    def _prepare_venues(self) -> None:
        """Make the places that are not known; they are archived, for nobody has checked them."""
        new = list(zip(self._take(Venue, len(self.new_venues)), self.new_venues, strict=True))
        values = [
            {
                "id": number,
                "code": f"import-{_digest(row.venue_district, row.venue)[:16]}",
                "name": row.venue,
                "town": self._locality.register[row.venue_district].name,
                "outcode": "",
                "district": row.venue_district,
                "archived_at": self._now,
                "created_at": self._now,
            }
            for number, row in new
        ]
        self._keep(Venue, values)
        self._venue_of.add([(number, row.venue, row.venue_district) for number, row in new])

    def _prepare_sessions(self) -> None:
        domain, numbers = own_domain(), self._take(Event, len(self.new_sessions))
        new = list(zip(numbers, self.new_sessions, strict=True))
        self._keep(Event, ({"id": number} | self._session(row, domain) for number, row in new))
        self._sessions = self._sessions | {row.session_id: number for number, row in new}

    def _prepare_families(self) -> None:
        nothing: dict[str, Any] = {"email_hash": None, "import_hash": None, "created_at": self._now}
        numbers = self._take(Family, len(self.new_families))
        new = list(zip(numbers, self.new_families, strict=True))
        rows = (
            {"id": number} | nothing | {"key": str(uuid.uuid4())} | {column: value} for number, (column, value) in new
        )
        self._keep(Family, rows)
        self._families = self._families | {key: number for number, key in new}

    def _prepare_adults(self, people: Sequence[Person | None]) -> dict[Person, int]:
        """Make the adults that are not known and return all by family and mark."""
        self._known_adults = self._adults_of(self._known_families.values())
        self._new_adults = [
            person for person in dict.fromkeys(people) if person is not None and person not in self._known_adults
        ]
        new = dict(zip(self._new_adults, self._take(Adult, len(self._new_adults)), strict=True))
        rows = ({"id": number, "family_id": family, "import_hash": mark} for (family, mark), number in new.items())
        self._keep(Adult, rows)
        return self._known_adults | new

    @staticmethod
    def _adults_of(families: Collection[int]) -> dict[Person, int]:
        return known_adults(set(families))

    def _prepare_bookings(self) -> dict[str, int]:
        domain, first = own_domain(), _first_of("booking_id", self.rows)
        new = list(zip(self._take(Booking, len(first)), first, strict=True))
        self._keep(Booking, ({"id": number} | self._booking(row, domain) for number, row in new))
        return {row.booking_id: number for number, row in new}

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
        self.rows = known_venues()
        self._known: dict[tuple[District, ...], dict[VenueKey, int]] = {}

    def add(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Take in venues that are about to be made."""
        self.rows = [*self.rows, *rows]
        self._known.clear()

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
            self._known[then.districts] = {self._key_on(then, name, code): id_ for id_, name, code in self.rows}
        return self._known[then.districts]

    def _then(self, row: InputRow) -> Locality:
        return self._locality.on(clock.in_london(row.starts_at).date())

    @staticmethod
    def _key_on(then: Locality, name: str, code: str) -> VenueKey:
        return venue_key(name, then.code_of(code) or code)


def _points_to(table: Table, name: str) -> str:
    """Return the table whose numbers stand in a column; nothing for what is no number of a row."""
    column = table.c[name]
    if column.primary_key:
        return table.name
    return next((key.column.table.name for key in column.foreign_keys), "")


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
