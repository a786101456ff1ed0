"""Read an attendance file: every problem with its line and column, every good row as plain values."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from booking.clock import LONDON, in_london
from booking.formats.attendance_file import CANCELLED, CANCELLED_BY, COLUMNS, HELD
from booking.formats.csv_input import Problem, decode, delimiter_of, why_not_csv
from booking.formats.district_words import became, names_of
from booking.formats.spreadsheets import from_neutral
from booking.locality.changes import parts_of
from booking.locality.kinds import Locality
from booking.rules.words import BookingStatus, CancelledBy, Delivery, EventKind, Origin, Outcome

_STATUSES: dict[str, tuple[BookingStatus, CancelledBy | None]] = {
    "confirmed": (BookingStatus.CONFIRMED, None),
    "waiting": (BookingStatus.WAITING, None),
    **{name: (BookingStatus.CANCELLED, by) for by, name in CANCELLED_BY.items()},
}
_KINDS = {kind.value: kind for kind in EventKind}
_DELIVERIES = {delivery.value: delivery for delivery in Delivery}
_ORIGINS = {origin.value: origin for origin in Origin}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_SESSION_STATUSES = {HELD: False, CANCELLED: True}
_OF_SESSION = COLUMNS.index("booking_id")
_STARTS_AT = COLUMNS.index("starts_at")
_SESSION_COLUMNS = COLUMNS[:_OF_SESSION]
_BOOKING_COLUMNS = ("booking_id", "session_id", "family_id", "family_district", "origin", "booking_status", "booked_at")
_MOST_PLACES = 100_000
_REMEMBERED = 10_000
"""Cells: most stand in the rows around, too. What is read here is forgotten with its reader."""
_T = TypeVar("_T")
Step = Callable[[int], object]
"""Who waits for a long file hears how many lines more are done."""

MOST_BYTES = 30_000_000
"""A hundred thousand rows and more."""


def no_step(_lines: int) -> None:
    """Tell nobody."""


class InputRow(NamedTuple):
    """One adult's place, as the file says it, checked."""

    line: int
    session_id: str
    title: str
    kind: EventKind
    delivery: Delivery
    venue: str
    venue_district: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    is_cancelled: bool
    booking_id: str
    family_id: str
    family_district: str
    adult_id: str
    origin: Origin
    status: BookingStatus
    cancelled_by: CancelledBy | None
    booked_at: datetime
    cancelled_at: datetime | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the good rows, the problems, how many rows there were, and what to know about the file."""

    rows: tuple[InputRow, ...]
    problems: tuple[Problem, ...]
    total: int
    notes: tuple[str, ...]


def read_attendance(content: bytes, *, locality: Locality, now: datetime, step: Step = no_step) -> Reading:
    """Read a file in UTF-8 (or, with a note, UTF-16 or Windows-1252), with commas, semicolons or tabs.

    A booking with a bad row is left out whole, so that half a family is never imported. `step` hears of each line.
    """
    if problem := why_not_csv(content):
        return Reading((), (problem,), 0, ())
    text, notes = decode(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        if problem := _header_problem(header):
            return Reading((), (problem,), 0, tuple(notes))
        if extra := [name for name in header if name not in COLUMNS]:
            notes.append(f"Columns that are not used: {', '.join(extra)}.")
        return _read_rows(lines, header, _Reader(locality, now), notes, step)
    except csv.Error as error:
        problem = Problem(lines.line_num, "", f"This is not a CSV file that can be read ({error}).")
        return Reading((), (problem,), 0, tuple(notes))


def _read_rows(lines: Iterator[list[str]], header: list[str], reader: _Reader, notes: list[str], step: Step) -> Reading:
    rows: list[InputRow] = []
    pick = itemgetter(*map(header.index, COLUMNS))
    total, end = 0, 1
    for values in lines:
        line, end = end + 1, lines.line_num  # type: ignore[attr-defined]
        step(1)
        if not any(map(str.strip, values)):
            continue
        total += 1
        if len(values) != len(header):
            reader.complain(line, "", f"There are {len(values)} values here; the first line names {len(header)}.")
        elif row := reader.read(line, pick(values)):
            rows.append(row)
    good = tuple(row for row in rows if row.booking_id not in reader.bad_bookings)
    return Reading(good, tuple(reader.problems), total, tuple(notes))


def _header_problem(header: list[str]) -> Problem | None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        return Problem(1, "", f"The first line must name the columns. Missing: {', '.join(missing)}.")
    twice = sorted({name for name in header if header.count(name) > 1})
    return Problem(1, "", f"Columns named twice: {', '.join(twice)}.") if twice else None


class _Reader:
    """Checks row after row, and remembers what earlier rows said of the same session and booking."""

    def __init__(self, locality: Locality, now: datetime) -> None:
        self.problems: list[Problem] = []
        self.bad_bookings: set[str] = set()
        self._now = now
        self._locality = locality
        self._then = locality
        self._find_district = cache(partial(_district, locality))
        self._find: Callable[[str], str] = self._find_district
        self._districts_at = lru_cache(maxsize=_REMEMBERED)(self._find_districts_at)
        self._clean = lru_cache(maxsize=_REMEMBERED)(_clean)
        self._parsers = _PARSERS | {"venue_district": self._district, "family_district": self._district}
        self._sound: dict[tuple[str, ...], list[Any]] = {}
        self._sessions: dict[str, tuple[int, list[str]]] = {}
        self._bookings: dict[str, tuple[int, list[str]]] = {}
        self._adults: set[tuple[str, str]] = set()

    def complain(self, line: int, column: str, sentence: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(line, column, sentence))

    def read(self, line: int, raw: tuple[str, ...]) -> InputRow | None:
        """Check one row, whose values stand in the order of the columns; None when anything is wrong with it."""
        before = len(self.problems)
        self._find = self._districts_at(self._clean(raw[_STARTS_AT]))
        about, booked = raw[:_OF_SESSION], list(map(self._clean, raw[_OF_SESSION:]))
        session = self._sound.get(about) or self._session(line, about)
        values = self._parse(line, COLUMNS[_OF_SESSION:], booked)
        row = _row(line, session, values) if session and values else None
        if row:
            self._check_booking(row, booked)
        if len(self.problems) == before:
            return row
        self.bad_bookings.add(booked[0])
        return None

    def _session(self, line: int, raw: tuple[str, ...]) -> list[Any] | None:
        """Check what a row says of its session. Rows that say just the same of it are not checked again."""
        before = len(self.problems)
        text = list(map(self._clean, raw))
        values = self._parse(line, COLUMNS, text)
        if values is None:
            return None
        _id, _title, _kind, delivery, venue, district, starts_at, ends_at, _capacity, is_cancelled = values
        if ends_at <= starts_at:
            self.complain(line, "ends_at", "The session must end after it starts.")
        if not is_cancelled and ends_at > self._now:
            self.complain(line, "session_status", "A held session must be over.")
        if venue and district == "unknown" and delivery != Delivery.ONLINE:
            self.complain(line, "venue_district", "Say the district of the venue.")
        self._check_like_before(line, self._sessions, _SESSION_COLUMNS, text)
        if len(self.problems) == before:
            self._sound[raw] = values
        return values

    def _check_booking(self, row: InputRow, text: list[str]) -> None:
        """Check what only several columns together can tell, and several rows of a booking."""
        if row.outcome == Outcome.ATTENDED and row.is_cancelled:
            self.complain(row.line, "outcome", "Nobody can have attended a cancelled session.")
        elif row.outcome == Outcome.ATTENDED and row.status != BookingStatus.CONFIRMED:
            self.complain(row.line, "outcome", "Who attended needs a confirmed booking, or one of origin walk_in.")
        if row.adult_id and (row.booking_id, row.adult_id) in self._adults:
            self.complain(row.line, "adult_id", "The same adult is in this booking twice.")
        self._adults.add((row.booking_id, row.adult_id))
        booking_id, family_id, district, _adult, origin, status, booked_at, *_rest = text
        said = [booking_id, row.session_id, family_id, district, origin, status, booked_at]
        self._check_like_before(row.line, self._bookings, _BOOKING_COLUMNS, said)

    def _check_like_before(
        self, line: int, seen: dict[str, tuple[int, list[str]]], columns: Sequence[str], text: list[str]
    ) -> None:
        """Check that rows of one session, or of one booking, say the same; its id is the first value."""
        first_line, first = seen.setdefault(text[0], (line, text))
        if first != text:
            for column, value, other in zip(columns, text, first, strict=True):
                if value != other:
                    self.complain(line, column, f"This differs from line {first_line}, which is about the same one.")

    def _parse(self, line: int, columns: Sequence[str], texts: Sequence[str]) -> list[Any] | None:
        """Read the value of each column; None, with every problem noted, when one cannot be read."""
        values: list[Any] = []
        for column, text in zip(columns, texts, strict=False):
            try:
                values.append(self._parsers[column](text))
            except ValueError as error:
                self.complain(line, column, str(error))
        return values if len(values) == len(texts) else None

    def _district(self, text: str) -> str:
        return self._find(text)

    def _find_districts_at(self, starts_at: str) -> Callable[[str], str]:
        """Return what finds districts on the day of a session; a start that is none is complained of elsewhere."""
        try:
            day = in_london(_time(starts_at)).date()
        except ValueError:
            day = in_london(self._now).date()
        then = self._locality.on(day)
        if then.districts is not self._then.districts:
            self._then, self._find_district = then, cache(partial(_district, then))
        return self._find_district


def _district(then: Locality, text: str) -> str:
    """Give the district on the day of the session; a name of before leads on where it is clear to which."""
    if not text:
        return "unknown"
    if district := then.find_district(text):
        return district.code
    if later := then.find_named(text):
        parts = parts_of(then.register, later.code)
        raise ValueError(f"{became(parts[0], then)}, after this session. Write which it was: {names_of(parts)}.")
    raise ValueError(f"“{text}” is not a district. Write its name, outside, or nothing.")


def _row(line: int, session: list[Any], booked: list[Any]) -> InputRow:
    """Put the values of a row together. What does not say when it was booked was booked when the session began."""
    booking_id, family_id, district, adult_id, origin, (status, cancelled_by), booked_at, cancelled_at, outcome = booked
    who = (booking_id, family_id, district, adult_id, origin, status, cancelled_by)
    return InputRow._make((line, *session, *who, booked_at or session[_STARTS_AT], cancelled_at, outcome))


def _clean(value: str) -> str:
    text = from_neutral(value.strip())
    if text.isascii() and text.isprintable():
        return text
    kept = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Cc")
    return "".join(kept).strip()


def _text(longest: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text:
            raise ValueError("This cannot be empty.")
        return _at_most(text, longest)

    return parse


def _short(text: str) -> str:
    return _at_most(text, 120)


def _long(text: str) -> str:
    return _at_most(text, 320)


def _at_most(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(f"This is longer than {longest} characters.")
    return text


@lru_cache(maxsize=50_000)
def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or len(text) < 16 or not 2000 <= moment.year <= 2100:
        raise ValueError(f"“{text}” is not a time. Write it as 2026-11-24T10:00.")
    if moment.tzinfo is not None:
        return moment
    local = moment.replace(tzinfo=LONDON)
    if datetime.fromtimestamp(local.timestamp(), LONDON).replace(tzinfo=None) != moment:
        raise ValueError(f"“{text}” does not exist: the clocks went forward over it.")
    return local


def _time_or_none(text: str) -> datetime | None:
    return _time(text) if text else None


def _capacity(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > _MOST_PLACES:
        raise ValueError(f"“{text}” is not a number of places. Write a whole number, or nothing for no limit.")
    return int(text)


def _is_cancelled(text: str) -> bool:
    return _one_of(text, _SESSION_STATUSES)


def _kind(text: str) -> EventKind:
    return _one_of(text, _KINDS)


def _delivery(text: str) -> Delivery:
    return _one_of(text, _DELIVERIES)


def _origin(text: str) -> Origin:
    return _one_of(text, _ORIGINS)


def _status(text: str) -> tuple[BookingStatus, CancelledBy | None]:
    return _one_of(text, _STATUSES)


def _outcome(text: str) -> Outcome:
    return _one_of(text, _OUTCOMES) if text else Outcome.NOT_RECORDED


def _one_of(text: str, choices: dict[str, _T]) -> _T:
    if text not in choices:
        raise ValueError(f"“{text}” is not one of {', '.join(choices)}.")
    return choices[text]


_PARSERS: dict[str, Callable[[str], object]] = {
    "session_id": _text(120),
    "title": _text(140),
    "kind": _kind,
    "delivery": _delivery,
    "venue": _short,
    "starts_at": _time,
    "ends_at": _time,
    "capacity": _capacity,
    "session_status": _is_cancelled,
    "booking_id": _text(120),
    "family_id": _long,
    "adult_id": _long,
    "origin": _origin,
    "booking_status": _status,
    "booked_at": _time_or_none,
    "cancelled_at": _time_or_none,
    "outcome": _outcome,
}
"""How each column is read; what is a district depends on where we are."""
