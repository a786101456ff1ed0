"""Bring past attendance in from a file: all of it or nothing, in bulk, and a second time without effect."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import insert, or_, select

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db
from booking.formats.attendance_input import InputRow, Step, no_step, read_attendance
from booking.formats.csv_input import Problem
from booking.locality.kinds import District, Locality
from booking.models import Adult, Booking, Event, Family, Place, Venue
from booking.queries.installation import own_domain
from booking.rules.contact import normal_email
from booking.rules.words import BookingMode, BookingStatus, ContactBy, EventStatus, Outcome
from booking.services.record_audit import record_audit

_AT_ONCE = 1000
_OUR_FAMILY = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
_OUR_ADULT = re.compile(r"a-([0-9a-f]{32})")

_VenueKey = tuple[str, str]
FamilyKey = tuple[str, str]
"""The column a family of the file is found by, and its value there."""


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
    content: bytes,
    *,
    locality: Locality,
    skip_bad: bool = False,
    dry_run: bool = False,
    screen: str = "command",
    step: Step = no_step,
) -> Imported:
    """Read a file and write what is new. With a problem nothing is written, unless `skip_bad`; never on a `dry_run`.

    `step` hears how many lines more are read, and then how many places more are written.
    A booking that is known already (by its id of an earlier import, or by its reference) is left as it is.
    """
    reading = read_attendance(content, locality=locality, now=clock.now(), step=step)
    known = _known_bookings({row.booking_id for row in reading.rows})
    rows = [row for row in reading.rows if row.booking_id not in known]
    plan = _Plan(rows, locality, now=clock.now())
    write = not dry_run and (skip_bad or not reading.problems)
    if write and rows:
        plan.write(locality, step)
        facts = {"bookings": plan.count_bookings, "places": len(rows), "left_out": reading.total - len(reading.rows)}
        record_audit("import_attendance", screen=screen, facts=facts)
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
        self._sessions = _known_sessions({row.session_id for row in rows})
        self._families = _known_families({key for row in rows if (key := self._family_key(row.family_id))})
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
        adults = self._write_adults()
        bookings = self._write_bookings()
        for chunk in _chunks(self._rows):
            _insert(Place, (self._place(row, bookings, adults) for row in chunk))
            step(len(chunk))
        db.session.flush()

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
        _insert(Venue, values)
        if values:
            self._venue_of.read()

    def _write_sessions(self) -> None:
        domain = own_domain()
        values = [self._session(row, domain) for row in self.new_sessions]
        _insert(Event, values)
        self._sessions |= _known_sessions({row.session_id for row in self.new_sessions})

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
        _insert(
            Family,
            (nothing | {"key": str(uuid.uuid4())} | {column: value} for column, value in self.new_families),
        )
        self._families |= _known_families(set(self.new_families))

    def _write_adults(self) -> dict[tuple[int, str], int]:
        """Make the adults that are not known and return all by family and mark."""
        wanted = dict.fromkeys(pair for row in self._rows if (pair := self._adult(row)))
        known = _known_adults({family for family, _mark in wanted})
        new = [pair for pair in wanted if pair not in known]
        _insert(Adult, ({"family_id": family, "import_hash": mark} for family, mark in new))
        return known | _known_adults({family for family, _mark in new})

    def _write_bookings(self) -> dict[str, int]:
        domain = own_domain()
        values = [self._booking(row, domain) for row in _first_of("booking_id", self._rows)]
        _insert(Booking, values)
        return _known_bookings({row.booking_id for row in self._rows})

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

    def _place(self, row: InputRow, bookings: dict[str, int], adults: dict[tuple[int, str], int]) -> dict[str, Any]:
        pair = self._adult(row)
        return {
            "booking_id": bookings[row.booking_id],
            "adult_id": adults[pair] if pair else None,
            "outcome": row.outcome,
            "recorded_at": None if row.outcome == Outcome.NOT_RECORDED else row.ends_at,
        }

    def _family(self, row: InputRow) -> int | None:
        key = self._family_key(row.family_id)
        return self._families[key] if key else None

    def _adult(self, row: InputRow) -> tuple[int, str] | None:
        family = self._family(row)
        return (family, adult_mark(row)) if family is not None and row.adult_id else None


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


def _known_bookings(ids: set[str]) -> dict[str, int]:
    statement = select(Booking.id, Booking.import_id, Booking.reference)
    known: dict[str, int] = {}
    for chunk in _chunks(ids):
        for booking_id, import_id, reference in db.session.execute(
            statement.where(or_(Booking.import_id.in_(chunk), Booking.reference.in_(chunk)))
        ):
            known[import_id if import_id in ids else reference] = booking_id
    return known


def _known_sessions(ids: set[str]) -> dict[str, int]:
    statement = select(Event.id, Event.import_id, Event.slug)
    known: dict[str, int] = {}
    for chunk in _chunks(ids):
        for event_id, import_id, slug in db.session.execute(
            statement.where(or_(Event.import_id.in_(chunk), Event.slug.in_(chunk)))
        ):
            known[import_id if import_id in ids else slug] = event_id
    return known


class _VenuesByDay:
    """Every venue by its name, however it is written, and the district it is in on the day of a session."""

    def __init__(self, locality: Locality) -> None:
        self._locality = locality
        self.read()

    def read(self) -> None:
        """Read which venues there are."""
        statement = select(Venue.id, Venue.name, Venue.district).order_by(Venue.archived_at.is_(None), Venue.id.desc())
        self._rows = db.session.execute(statement).all()
        self._known: dict[tuple[District, ...], dict[_VenueKey, int]] = {}

    def get(self, row: InputRow) -> int | None:
        """Give the venue of a row, if there is one."""
        return self._on(row).get(_venue_key(row.venue, row.venue_district))

    def missing(self, rows: Sequence[InputRow]) -> list[InputRow]:
        """Give one row for each venue to be made: the earliest, whose district leads to those of the later ones."""
        made: list[InputRow] = []
        found: dict[tuple[District, ...], set[_VenueKey]] = {}
        for row in sorted(rows, key=lambda row: row.starts_at):
            then = self._then(row)
            if then.districts not in found:
                found[then.districts] = {self._key_on(then, each.venue, each.venue_district) for each in made}
            key = _venue_key(row.venue, row.venue_district)
            if key not in self._on(row) and key not in found[then.districts]:
                made.append(row)
                found[then.districts].add(key)
        return made

    def _on(self, row: InputRow) -> dict[_VenueKey, int]:
        then = self._then(row)
        if then.districts not in self._known:
            self._known[then.districts] = {self._key_on(then, name, code): id_ for id_, name, code in self._rows}
        return self._known[then.districts]

    def _then(self, row: InputRow) -> Locality:
        return self._locality.on(clock.in_london(row.starts_at).date())

    @staticmethod
    def _key_on(then: Locality, name: str, code: str) -> _VenueKey:
        return _venue_key(name, then.code_of(code) or code)


def _known_families(keys: set[FamilyKey]) -> dict[FamilyKey, int]:
    known: dict[FamilyKey, int] = {}
    for name in ("key", "email_hash", "import_hash"):
        column = getattr(Family, name)
        for chunk in _chunks({value for column_name, value in keys if column_name == name}):
            statement = select(column, Family.id).where(column.in_(chunk)).order_by(Family.id.desc())
            known.update({(name, value): family_id for value, family_id in db.session.execute(statement)})
    return known


def _known_adults(families: set[int]) -> dict[tuple[int, str], int]:
    known: dict[tuple[int, str], int] = {}
    statement = select(Adult.id, Adult.family_id, Adult.import_hash).where(Adult.import_hash.is_not(None))
    for chunk in _chunks(families):
        for adult_id, family_id, mark in db.session.execute(statement.where(Adult.family_id.in_(chunk))):
            if mark is not None:
                known[family_id, mark] = adult_id
    return known


def _first_of(column: str, rows: Iterable[InputRow]) -> list[InputRow]:
    """Keep the first row of each session, or of each booking, in the file's order."""
    first: dict[str, InputRow] = {}
    for row in rows:
        first.setdefault(getattr(row, column), row)
    return list(first.values())


def _insert(model: Any, values: Iterable[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns; into the table, for the ORM sends rows one by one around a NULL."""
    for chunk in _chunks(values):
        db.session.execute(insert(model.__table__), chunk)


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = list(items)
    for start in range(0, len(rest), _AT_ONCE):
        yield rest[start : start + _AT_ONCE]


def _venue_key(name: str, district: str) -> _VenueKey:
    return " ".join(name.casefold().split()), district


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50].rstrip("-") or "session"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
