"""Read a file of venues or sessions: each row is filled into the form that staff have, so that the same checks hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from booking.extensions import db, transaction
from booking.formats.csv_input import Problem, TableRow, plain_name, read_table
from booking.models import Venue
from booking.queries.districts import district_today
from booking.queries.venue_names import NamedVenue, VenueNames
from booking.rules.delivery import REMINDERS
from booking.services.import_rows import Imported, Outcome
from booking.services.import_sessions import SessionRow, import_sessions
from booking.services.import_venues import VenueRow, import_venues
from booking.web.shared.date_fields import PARTS
from booking.web.shared.forms import HouseForm, clean_text
from booking.web.shared.settings import locality, postcodes
from booking.web.staff.import_columns import EXAMPLE, Column, session_columns, venue_columns
from booking.web.staff.session_forms import session_form
from booking.web.staff.venue_forms import venue_form

MOST_ROWS = 300
"""All of them are done in one transaction, and on SQLite whoever books meanwhile waits for its end."""
_CODE = "abcdefghijklmnopqrstuvwxyz0123456789-"
NO_CSRF = {"csrf": False}


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a file came to, in the words of its columns."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    is_written: bool


def take_venues(content: bytes, *, dry_run: bool, screen: str) -> Result:
    """Bring in the venues of a file, or say what that would do. With a problem nothing is brought in."""
    columns = venue_columns(locality())
    table, names = _File(content, columns), VenueNames()
    rows = [row for raw in table.rows if (row := table.venue(raw, names))]
    return table.carry_out(lambda dry: import_venues(rows, dry_run=dry, screen=screen), dry_run=dry_run)


def take_sessions(content: bytes, *, dry_run: bool, screen: str) -> Result:
    """Bring in the sessions of a file as drafts, or say what that would do. With a problem nothing is brought in."""
    columns = session_columns(locality(), VenueNames())
    table = _File(content, columns)
    form = session_form(locality(), formdata=None, meta=NO_CSRF)
    rows = [row for raw in table.rows if (row := table.session(raw, form))]
    return table.carry_out(lambda dry: import_sessions(rows, dry_run=dry, screen=screen), dry_run=dry_run)


class _File:
    """A file that is read row after row; it remembers what is wrong, and which row was about what."""

    def __init__(self, content: bytes, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._column_of = {column.field: column.name for column in columns}
        needed = [column.name for column in columns if column.is_needed]
        table = read_table(content, columns=[column.name for column in columns], needed=needed, most=MOST_ROWS)
        self._problems, self._notes = list(table.problems), list(table.notes)
        self._seen: dict[str, int] = {}
        self.rows = [row for row in table.rows if not self._is_example(row)]
        if not self.rows and not self._problems:
            self._problems.append(Problem(1, "", "There are no rows below the names of the columns."))

    def venue(self, raw: TableRow, names: VenueNames) -> VenueRow | None:
        """Return a row as a venue, or None when something is wrong with it."""
        before = len(self._problems)
        given = self._read(raw)
        code = clean_text(raw.values.get("code", ""))
        self._check_code(raw.line, code)
        known = self._known_venue(raw, names, code)
        venue = db.session.get(Venue, known.id) if known else None
        form = venue_form(locality(), formdata=MultiDict(), meta=NO_CSRF)
        self._fill(form, given, typed=_typed_of(venue, given) if venue else {})
        is_good = form.validate()
        is_good = form.check_place(postcodes()) and is_good
        self._take_errors(raw.line, form)
        name, town = clean_text(raw.values["name"]), clean_text(raw.values["town"])
        self._check_twice(raw.line, known.code if known else code or f"{name}, {town}")
        if not is_good or len(self._problems) > before:
            return None
        return VenueRow(line=raw.line, venue_id=known.id if known else None, code=code, details=form.details())

    def session(self, raw: TableRow, form: Any) -> SessionRow | None:
        """Return a row as a session, or None when something is wrong with it."""
        before = len(self._problems)
        self._fill(form, self._read(raw), typed={"reminders": [kind.value for kind in REMINDERS]})
        form.times = None
        is_good = form.validate()
        is_good = form.check_times() and is_good
        self._take_errors(raw.line, form)
        if not is_good or len(self._problems) > before:
            return None
        row = SessionRow(
            line=raw.line,
            plan=form.plan(),
            details=form.details(),
            mode=form.mode,
            clash_reason=form.clash_reason.data or "",
        )
        self._check_twice(raw.line, row.mark)
        return row

    def carry_out(self, deed: Callable[[bool], Imported], *, dry_run: bool) -> Result:
        """Do it with the good rows; where some are bad, only look what is wrong with the good ones besides."""
        with transaction():
            done = deed(dry_run or bool(self._problems))
        found = [each._replace(column=self._column_of.get(each.column, "")) for each in done.problems]
        order = [column.name for column in self._columns]
        problems = sorted(
            (*self._problems, *found),
            key=lambda each: (each.line, order.index(each.column) if each.column in order else -1),
        )
        outcomes = tuple(self._in_words(outcome) for outcome in done.outcomes)
        return Result(outcomes=outcomes, problems=tuple(problems), notes=tuple(self._notes), is_written=done.is_written)

    def _is_example(self, row: TableRow) -> bool:
        is_one = any(value.startswith(EXAMPLE) for value in row.values.values())
        if is_one:
            self._notes.append(f"Line {row.line} is the example of the template. It is left out.")
        return is_one

    def _read(self, raw: TableRow) -> dict[str, Sequence[str]]:
        """Return what each column that the file has gives its field; note what cannot be read."""
        given: dict[str, Sequence[str]] = {}
        for column in self._columns:
            text = clean_text(raw.values.get(column.name, ""))
            try:
                given[column.field] = column.read(text) if text else column.empty
            except ValueError as error:
                self._problems.append(Problem(raw.line, column.name, str(error)))
                given[column.field] = column.empty
        return given

    def _fill(self, form: HouseForm, given: Mapping[str, Sequence[str]], *, typed: Mapping[str, Sequence[str]]) -> None:
        """Fill a form as if somebody had typed this. What is `typed` already stays where a cell is empty."""
        is_given = {column.field: given[column.field] != column.empty for column in self._columns}
        fields = {name: given[name] if is_given[name] or name not in typed else typed[name] for name in given}
        values: MultiDict[str, str] = MultiDict()
        for name, texts in (dict(typed) | fields).items():
            if name == "date" and len(texts) == len(PARTS):
                values.update({f"date-{part}": text for part, text in zip(PARTS, texts, strict=True)})
            else:
                values.setlist(name, list(texts))
        form.process(values)
        form.form_errors.clear()

    def _take_errors(self, line: int, form: HouseForm) -> None:
        """Note the first thing that is wrong with each field, unless its cell could not be read at all."""
        told = {problem.column for problem in self._problems if problem.line == line}
        for name, errors in form.errors.items():
            column = self._column_of.get(name or "", "")
            if column not in told:
                self._problems.append(Problem(line, column, str(errors[0])))

    def _check_code(self, line: int, code: str) -> None:
        if len(code) > 40 or set(code.lower()) - set(_CODE):
            sentence = "A code has letters, figures and hyphens, 40 at most."
            self._problems.append(Problem(line, "code", sentence))

    def _known_venue(self, raw: TableRow, names: VenueNames, code: str) -> NamedVenue | None:
        found = names.with_code(code) if code else None
        same = names.in_town(clean_text(raw.values["name"]), clean_text(raw.values["town"]))
        if code and found is None and same is not None:
            sentence = (
                f"There is {same.name} in {same.town} already, with the code {same.code}. Write that code, or none."
            )
            self._problems.append(Problem(raw.line, "code", sentence))
        return found or same

    def _check_twice(self, line: int, mark: str) -> None:
        first = self._seen.setdefault(plain_name(mark), line)
        if first != line:
            self._problems.append(Problem(line, "", f"This is the same one as on line {first}. Take one of them away."))

    def _in_words(self, outcome: Outcome) -> Outcome:
        """Say what changes by its columns; what follows from another column is not said."""
        changed = tuple(self._column_of[name] for name in outcome.changed if name in self._column_of)
        return replace(outcome, changed=changed)


def _typed_of(venue: Venue, given: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return what the form of a known venue holds; another postcode finds its own district."""
    is_elsewhere = given["postcode"] not in (("",), (venue.postcode or venue.outcode,))
    return {
        "name": (venue.name,),
        "address": (venue.address,),
        "town": (venue.town,),
        "postcode": (venue.postcode or venue.outcode,),
        "district": ("",) if is_elsewhere else (district_today(venue.district),),
        "directions": (venue.directions,),
        "arrival_steps": ("\n".join(venue.arrival_steps),),
        "leaving": (venue.leaving,),
        "last_bus": (venue.last_bus,),
        "capacity": ("" if venue.capacity is None else str(venue.capacity),),
        "fire_limit": ("" if venue.fire_limit is None else str(venue.fire_limit),),
        "is_confidential": ("y",) if venue.is_confidential else (),
    }
