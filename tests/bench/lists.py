"""Measure attendance in and out, 100,000 rows: import, CSV and XLSX against the bare driver and the bare writers.

Each is run in a process of its own, which tells its memory.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import IO, Any, TypeVar

from sqlalchemy import bindparam, select, update

from booking import clock, create_app
from booking.extensions import db, transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import read_attendance
from booking.formats.attendance_list import headings, list_cells
from booking.formats.spreadsheets import csv_file, xlsx_file
from booking.locality import get_locality
from booking.models import Adult
from booking.queries.attendance_lists import People, read_people, sessions_in
from booking.rules.attendance_lists import ListColumn, Scope, chosen_columns
from booking.services.export_attendance import file_rows
from booking.services.import_attendance import Imported, import_attendance
from booking.web.staff.list_progress import ListTeller
from config import Config
from tests.conftest import ROOT

_Done = TypeVar("_Done")
ROWS, SESSIONS, FAMILIES = 100_000, 2_000, 12_000
MARK = "For Robin S., 29 November 2026, letters about the new term; do not pass on"
_FIRST_DAY = date(2024, 4, 1)
_JOINED = """FROM place p JOIN booking b ON p.booking_id = b.id JOIN event e ON b.event_id = e.id
    LEFT JOIN venue v ON e.venue_id = v.id LEFT JOIN adult a ON p.adult_id = a.id
    LEFT JOIN slot s ON b.slot_id = s.id LEFT JOIN family f ON b.family_id = f.id
    ORDER BY e.starts_at, e.id, b.id, p.id"""
BARE_LIST = f"""SELECT e.title, e.starts_at, v.name, a.name, p.kind, b.reference, b.origin, b.status, p.outcome,
    p.arrived_at, b.children, s.starts_at {_JOINED}"""
BARE_FILE = f"""SELECT e.import_id, e.title, e.kind, e.delivery, v.name, v.district, e.starts_at, e.ends_at, e.capacity,
    e.status, b.import_id, f.key, b.district, a.import_hash, b.origin, b.status, b.created_at, b.cancelled_at,
    p.outcome {_JOINED}"""


def time_lists(env: dict[str, str], step: str) -> dict[str, float]:
    """Run one step ("import", "export") in a process of its own and return what it found."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.lists", step], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def a_file(rows: int = ROWS) -> bytes:
    """Return an attendance file: two adults a booking here and there, families who come again."""
    rng, text = Random(3), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    districts = [district.name for district in get_locality("kent").inside_districts]
    written = booking = 0
    while written < rows:
        number, family = booking % SESSIONS, rng.randrange(FAMILIES)
        day = _FIRST_DAY + timedelta(days=number * 730 // SESSIONS)
        begins = f"{day}T{9 + number % 8:02d}:00"
        venue, district = f"Hall {number % 24}", districts[number % 12]
        session = (f"S{number}", f"Forum {number}", "forum", "in_person", venue, district, begins)
        booked_at = f"{day - timedelta(days=rng.randrange(1, 40))}T12:00"
        for adult in range(min(rng.choice((1, 1, 2)), rows - written)):
            outcome = rng.choices(("attended", "did_not_come", "not_recorded"), (80, 15, 5))[0]
            booked = ("web", "confirmed", booked_at, "", outcome)
            who = (f"B{booking}", f"family{family}@example.net", districts[family % 12], f"A{adult}")
            writer.writerow((*session, f"{day}T{11 + number % 8:02d}:00", 500, "held", *who, *booked))
            written += 1
        booking += 1
    return text.getvalue().encode()


def _import() -> dict[str, float]:
    content = a_file()
    before = _memory()
    done, took = _timed(lambda: _bring_in(content))
    memory = _memory()
    assert done.places == ROWS, done.problems[:3]
    done, again = _timed(lambda: _bring_in(content))
    assert not done.places
    with transaction():
        names = [{"number": each, "named": f"Wilhelmina Łask {each}"} for each in db.session.scalars(select(Adult.id))]
        statement = update(Adult.__table__).where(Adult.__table__.c.id == bindparam("number"))
        db.session.connection().execute(statement.values(name=bindparam("named")), names)
    return {
        "import": ROWS / took.clock,
        "import_computing": ROWS / took.computing,
        "again": ROWS / again.clock,
        "memory": memory,
        "before": before,
    }


def _bring_in(content: bytes) -> Imported:
    reading = read_attendance(content, locality=get_locality("kent"), now=clock.now())
    with transaction():
        return import_attendance(reading, locality=get_locality("kent"))


def _export() -> dict[str, float]:
    """Time ours and the bare way in turns, and take the better of each; the memory is that after a tenth of the rows
    and after all, before anything bare was run.
    """
    _drain(islice(_our_list(), ROWS // 10))
    _drain(_our_file_csv(ROWS // 10))
    _xlsx(islice(_our_list(), ROWS // 10)).close()
    tenth = _memory()
    lanes: dict[str, tuple[Callable[[], Iterable[bytes]], Callable[[], Iterable[bytes]]]] = {
        "list": (_our_list_csv, lambda: _bare_csv(BARE_LIST, MARK)),
        "file": (_our_file_csv, lambda: _bare_csv(BARE_FILE)),
        "xlsx": (_our_xlsx, _bare_xlsx),
    }
    first = {name: _timed(lambda ours=ours: _drain(ours()))[1] for name, (ours, _bare) in lanes.items()}
    found = {"memory": _memory(), "tenth": tenth}
    for name, (ours, bare) in lanes.items():
        turns = [(_timed(lambda: _drain(bare()))[1], _timed(lambda: _drain(ours()))[1]) for _turn in range(2)]  # noqa: B023
        its, our = [turn[0] for turn in turns], [first[name], *(turn[1] for turn in turns)]
        for way, tries in ((name, our), (f"bare_{name}", its)):
            found[way] = ROWS / min(each.clock for each in tries)
            found[f"{way}_computing"] = ROWS / min(each.computing for each in tries)
    return found


def _our_list() -> Iterator[list[Any]]:
    events = sessions_in(Scope(first=_FIRST_DAY, last=_FIRST_DAY + timedelta(days=800)), within=None)
    columns = chosen_columns((), ListColumn)
    people = People(event_ids=events, asked_at=clock.now())
    cells = list_cells(read_people(people, columns, locality=get_locality("kent")), columns, mark=MARK)
    return ListTeller(0, total=ROWS).counted(cells)


def _our_list_csv() -> Iterator[bytes]:
    return csv_file(headings(chosen_columns((), ListColumn), mark=MARK), _our_list())


def _our_file_csv(rows: int = ROWS) -> Iterator[bytes]:
    return csv_file(COLUMNS, islice(file_rows(get_locality("kent")), rows))


def _our_xlsx() -> Iterator[bytes]:
    return _pieces(_xlsx(_our_list()))


def _xlsx(rows: Iterable[list[Any]]) -> IO[bytes]:
    return xlsx_file("Attendance list", headings(chosen_columns((), ListColumn), mark=MARK), rows, footer=MARK)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65536):
            yield piece


def _bare_csv(sql: str, *last: str) -> Iterator[bytes]:
    """Write what a server-side cursor of the driver gives, as it is, and the same last cell in each row as ours."""
    page = io.StringIO()
    writer = csv.writer(page)
    for rows in _bare_rows(sql):
        writer.writerows([*row, *last] for row in rows) if last else writer.writerows(rows)
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()


def _bare_rows(sql: str) -> Iterator[list[tuple[Any, ...]]]:
    raw: Any = db.engine.raw_connection()
    with closing(raw):
        connection = raw.driver_connection
        if db.engine.dialect.name == "sqlite":
            cursor = connection.execute(sql)
        else:
            cursor = connection.cursor(name="bare")
            cursor.execute(sql)
        while rows := cursor.fetchmany(500):
            yield rows
        raw.rollback()


def _bare_xlsx() -> Iterator[bytes]:
    """Write the same cells with XlsxWriter alone."""
    import xlsxwriter

    rows = ([*row[:12], MARK] for rows in _bare_rows(BARE_LIST) for row in rows)
    file = tempfile.TemporaryFile()  # noqa: SIM115
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, value.isoformat() if isinstance(value, datetime) else value)
    file.seek(0)
    return _pieces(file)


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and seconds of computing of this process (the database's own are not in them)."""

    clock: float
    computing: float


def _timed(do: Callable[[], _Done]) -> tuple[_Done, Took]:
    """Do it, and say how long it took."""
    db.session.rollback()
    began, computed = time.perf_counter(), time.process_time()
    done = do()
    return done, Took(time.perf_counter() - began, time.process_time() - computed)


def _drain(pieces: Iterable[Any]) -> None:
    for _piece in pieces:
        pass


def _memory() -> float:
    """Return the most memory that this program had, in MB. (`ru_maxrss` would count that of whoever started it.)"""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    with create_app(Config.from_env(os.environ)).app_context():
        print(json.dumps({"import": _import, "export": _export}[sys.argv[1]]()))
