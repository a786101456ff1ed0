"""Attendance as files: a session's list with names, the file without, and bringing the same file in."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import decode, read_attendance
from booking.formats.spreadsheets import as_number, csv_file, from_neutral, neutral, xlsx_file
from booking.locality import get_locality
from booking.models import Adult, Base, Booking, Event, Family, Place, Venue
from booking.rules.words import BookingMode, BookingStatus, EventStatus, Origin, Outcome
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.export_attendance import file_rows
from booking.services.import_attendance import Imported, import_attendance
from booking.services.record_attendance import record_outcome
from tests.cast import a_booking, a_venue, an_event

KENT = get_locality("kent")
HEADER = ",".join(COLUMNS)
GOOD = (
    "S1,Coffee and chat,coffee,in_person,The Barn,Swale,2026-05-05T10:00,2026-05-05T12:00,20,held,"
    "B1,one@example.net,Swale,x,web,confirmed,2026-05-01T09:00,,attended"
)
NASTY = [
    "=1+1",
    "+44 7700 900123",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "Zoë Łukasiewicz 🎈",
    'a "quoted", name',
    "",
]


def a_file(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def bring_in(content: bytes, *, skip_bad: bool = False, dry_run: bool = False) -> Imported:
    reading = read_attendance(content, locality=KENT, now=clock.now())
    with transaction():
        return import_attendance(reading, locality=KENT, skip_bad=skip_bad, dry_run=dry_run)


def exported() -> list[list[str]]:
    content = b"".join(csv_file(COLUMNS, file_rows(KENT))).decode("utf-8-sig")
    db.session.rollback()
    return list(csv.reader(io.StringIO(content)))[1:]


def with_(**values: str) -> str:
    row = dict(zip(COLUMNS, next(csv.reader([GOOD])), strict=True)) | values
    line = io.StringIO()
    csv.writer(line).writerow([row[name] for name in COLUMNS])
    return line.getvalue().removesuffix("\r\n")


def problems_of(*lines: str) -> list[tuple[int, str]]:
    reading = read_attendance(a_file(*lines), locality=KENT, now=clock.now())
    return [(problem.line, problem.column) for problem in reading.problems]


class TestSpreadsheets:
    def test_csv_begins_with_the_mark_and_no_cell_is_a_formula(self) -> None:
        content = b"".join(csv_file(["Name"], [[name] for name in NASTY]))
        assert content.startswith(b"\xef\xbb\xbf")
        cells = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row][1:]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)
        assert "Zoë Łukasiewicz 🎈" in cells

    def test_xlsx_keeps_text_as_text(self) -> None:
        names = [[name] for name in [*NASTY, "http://example.net"]]
        with xlsx_file("Sheet", ["Name"], names) as file, zipfile.ZipFile(file) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert "Zoë Łukasiewicz 🎈" in sheet
        assert "<t>=1+1</t>" in sheet

    @given(st.text())
    def test_neutral_text_comes_back_as_it_was(self, text: str) -> None:
        assert from_neutral(str(neutral(text))) == text or text.startswith("'")

    def test_numbers_stay_numbers(self) -> None:
        assert neutral(-3) == -3

    @pytest.mark.parametrize(
        ("text", "cell"),
        [("-3", -3), ("-0.5", -0.5), ("25", 25), ("c", "c"), ("-", "-"), ("", ""), ("-1+1", "-1+1"), ("+44", "+44")],
    )
    def test_only_what_we_wrote_as_a_number_is_one_again(self, text: str, cell: str | float) -> None:
        assert as_number(text) == cell
        assert type(as_number(text)) is type(cell)


class TestReading:
    def test_a_good_file_has_no_problems(self) -> None:
        assert problems_of(GOOD) == []

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("session_id", ""),
            ("title", "x" * 141),
            ("kind", "party"),
            ("delivery", "by post"),
            ("venue_district", "Atlantis"),
            ("venue_district", ""),
            ("starts_at", "5 May 2026"),
            ("starts_at", "2026-05-05"),
            ("starts_at", "1926-05-05T10:00"),
            ("starts_at", "2026-03-29T01:30"),
            ("ends_at", "2026-05-05T09:00"),
            ("ends_at", ""),
            ("capacity", "-1"),
            ("capacity", "²"),
            ("capacity", "many"),
            ("session_status", "planned"),
            ("booking_id", ""),
            ("family_district", "Narnia"),
            ("origin", "carrier pigeon"),
            ("booking_status", "cancelled"),
            ("booked_at", "yesterday"),
            ("cancelled_at", "never"),
            ("outcome", "came"),
        ],
    )
    def test_each_problem_names_line_and_column(self, column: str, value: str) -> None:
        assert problems_of(with_(booking_id="B0", session_id="S0"), with_(**{column: value})) in (
            [(3, column)],
            [(3, "starts_at"), (3, "ends_at")],
        )

    def test_an_online_venue_needs_no_district(self) -> None:
        assert problems_of(with_(delivery="online", venue="Online", venue_district="")) == []

    def test_every_problem_of_a_row_is_listed(self) -> None:
        assert problems_of(with_(kind="x", origin="y", outcome="z")) == [(2, "kind"), (2, "origin"), (2, "outcome")]

    def test_a_future_session_is_not_held(self) -> None:
        assert problems_of(with_(starts_at="2027-01-01T10:00", ends_at="2027-01-01T11:00")) == [(2, "session_status")]

    def test_nobody_attends_what_was_cancelled(self) -> None:
        assert problems_of(with_(session_status="cancelled")) == [(2, "outcome")]
        assert problems_of(with_(booking_status="cancelled_by_family")) == [(2, "outcome")]

    def test_rows_of_one_session_or_booking_agree(self) -> None:
        assert problems_of(GOOD, with_(booking_id="B2", title="Another")) == [(3, "title")]
        assert problems_of(GOOD, with_(adult_id="y", family_id="two@example.net")) == [(3, "family_id")]
        assert problems_of(GOOD, GOOD) == [(3, "adult_id")]

    def test_wrong_number_of_values_and_empty_lines(self) -> None:
        assert problems_of(GOOD, "", "a,b,c", ",,,") == [(4, "")]

    def test_lines_are_counted_over_line_breaks_in_cells(self) -> None:
        assert problems_of(with_(title="Two\nlines"), with_(booking_id="B2", kind="x")) == [(4, "kind")]

    def test_missing_and_double_columns(self) -> None:
        missing = read_attendance(b"session_id,title\n", locality=KENT, now=clock.now())
        assert "kind" in missing.problems[0].sentence
        double = read_attendance(f"{HEADER},title\n".encode(), locality=KENT, now=clock.now())
        assert "title" in double.problems[0].sentence
        assert read_attendance(b"", locality=KENT, now=clock.now()).problems

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_other_separators(self, delimiter: str) -> None:
        reading = read_attendance(a_file(GOOD).replace(b",", delimiter.encode()), locality=KENT, now=clock.now())
        assert reading.problems == ()
        assert reading.rows[0].title == "Coffee and chat"

    @pytest.mark.parametrize(
        ("encoding", "noted"), [("utf-8", False), ("utf-8-sig", False), ("cp1252", True), ("utf-16", True)]
    )
    def test_other_encodings(self, encoding: str, noted: bool) -> None:
        content = f"{HEADER}\n{with_(title='Café Zoë')}".encode(encoding)
        reading = read_attendance(content, locality=KENT, now=clock.now())
        assert reading.rows[0].title == "Café Zoë"
        assert bool(reading.notes) == noted

    def test_local_time_is_london_and_offsets_are_kept(self) -> None:
        rows = read_attendance(
            a_file(GOOD, with_(session_id="S2", booking_id="B2", starts_at="2026-05-05T10:00+00:00")),
            locality=KENT,
            now=clock.now(),
        ).rows
        assert rows[0].starts_at == clock.london_time(rows[0].starts_at.date(), 10)
        assert rows[1].starts_at == clock.london_time(rows[0].starts_at.date(), 11)

    @given(st.binary(max_size=200))
    def test_no_bytes_break_it(self, content: bytes) -> None:
        decode(content)
        read_attendance(HEADER.encode() + b"\n" + content, locality=KENT, now=clock.now())


class TestImporting:
    def test_one_row(self, in_app: Flask) -> None:
        done = bring_in(a_file(GOOD))
        assert (done.places, done.sessions, done.venues, done.families) == (1, 1, 1, 1)
        event = db.session.scalars(select(Event)).one()
        assert (event.import_id, event.status, event.capacity, event.places_taken) == (
            "S1",
            EventStatus.PUBLISHED,
            20,
            0,
        )
        assert event.register_closed_at == event.ends_at
        venue = db.session.scalars(select(Venue)).one()
        assert (venue.name, venue.district) == ("The Barn", "swale")
        assert venue.archived_at is not None
        booking = db.session.scalars(select(Booking)).one()
        assert (booking.import_id, booking.district, booking.email) == ("B1", "swale", None)
        assert booking.places[0].outcome == Outcome.ATTENDED

    def test_a_second_run_changes_nothing(self, in_app: Flask) -> None:
        content = a_file(GOOD, with_(adult_id="y"), with_(booking_id="B2", family_id="", adult_id="", origin="walk_in"))
        bring_in(content)
        before = whole_database()
        again = bring_in(content)
        assert (again.places, again.sessions, again.known_bookings) == (0, 0, 2)
        assert whole_database() == before

    def test_the_same_family_by_address_joins_who_booked_with_it(self, in_app: Flask) -> None:
        booking = a_booking(an_event(), email="One@Example.net")
        bring_in(a_file(GOOD))
        assert set(db.session.scalars(select(Booking.family_id))) == {booking.family_id}

    def test_the_same_text_is_the_same_family(self, in_app: Flask) -> None:
        one, other = with_(family_id="F-1"), with_(family_id="F-1", booking_id="B2", session_id="S2")
        bring_in(a_file(one, other))
        assert db.session.scalar(select(func.count(Family.id))) == 1
        assert db.session.scalar(select(func.count(Adult.id))) == 1

    def test_no_family_is_an_anonymous_arrival(self, in_app: Flask) -> None:
        bring_in(a_file(with_(family_id="", adult_id="", origin="walk_in")))
        assert db.session.scalars(select(Booking.family_id)).one() is None
        assert db.session.scalar(select(func.count(Family.id))) == 0

    def test_a_known_venue_is_found_however_it_is_written(self, in_app: Flask) -> None:
        venue = a_venue(name="The  BARN", district="swale")
        bring_in(a_file(GOOD))
        assert db.session.scalars(select(Event.venue_id)).one() == venue.id

    def test_nothing_at_all_with_one_problem(self, in_app: Flask) -> None:
        done = bring_in(a_file(GOOD, with_(booking_id="B2", outcome="came")))
        assert not done.is_written
        assert whole_database() == {name: [] for name in whole_database()}

    def test_skip_bad_leaves_the_whole_booking_out(self, in_app: Flask) -> None:
        bad_half = with_(booking_id="B2", adult_id="y", outcome="came")
        done = bring_in(a_file(GOOD, with_(booking_id="B2"), bad_half), skip_bad=True)
        assert (done.places, done.left_out) == (1, 2)
        assert db.session.scalars(select(Booking.import_id)).all() == ["B1"]

    def test_dry_run_writes_nothing(self, in_app: Flask) -> None:
        assert bring_in(a_file(GOOD), dry_run=True).places == 1
        assert db.session.scalar(select(func.count(Event.id))) == 0

    def test_a_long_file_is_brought_in_whole(self, in_app: Flask) -> None:
        lines = [
            with_(session_id=f"S{n // 20}", booking_id=f"B{n}", family_id=f"f{n % 700}@example.net")
            for n in range(2500)
        ]
        assert bring_in(a_file(*lines)).places == 2500
        assert db.session.scalar(select(func.count(Booking.id))) == 2500


class TestRoundTrip:
    def test_out_and_in_and_out_again(self, in_app: Flask) -> None:
        self.some_history()
        first = exported()
        assert len(first) == 8
        content = b"".join(csv_file(COLUMNS, first))
        empty_the_database()
        assert bring_in(content).problems == ()
        assert exported() == first
        assert bring_in(content).places == 0

    def test_into_the_database_it_came_from(self, in_app: Flask) -> None:
        self.some_history()
        first = exported()
        done = bring_in(b"".join(csv_file(COLUMNS, first)))
        assert (done.problems, done.places, done.sessions) == ((), 0, 0)
        assert exported() == first

    def test_holds_nothing_personal(self, in_app: Flask) -> None:
        self.some_history()
        text = str(exported())
        assert "@" not in text
        assert "Adult 1" not in text

    def some_history(self) -> None:
        """Two adults of one family, a named and two anonymous walk-ins, a waiting family, a cancelled session."""
        soon = clock.now() + timedelta(hours=1)
        event = an_event(starts_at=soon, title="=Zoë’s 🎈 forum", capacity=3)
        two = a_booking(event, adults=2, district="dover")
        one = a_booking(event, district="outside")
        waiting = a_booking(event, district="medway")
        assert waiting.status == BookingStatus.WAITING
        open_one = an_event(starts_at=soon, booking_mode=BookingMode.OPEN, venue_id=None, capacity=None)
        called_off = an_event(starts_at=soon, status=EventStatus.CANCELLED, cancelled_at=clock.now())
        with transaction():
            record_outcome(two.places[0].id, Outcome.ATTENDED, by=None)
            record_outcome(one.places[0].id, Outcome.DID_NOT_COME, by=None)
            add_walk_in(WalkIn(event_id=event.id, names=("Ann",)), by=None)
            add_walk_in(WalkIn(event_id=event.id, adults=1), by=None)
            removed = add_walk_in(WalkIn(event_id=event.id, adults=1), by=None)
            removed.status = BookingStatus.CANCELLED
            add_walk_in(WalkIn(event_id=open_one.id, adults=1), by=None)
            db.session.add(booking_for(called_off, one))
            for each in (event, open_one):
                db.session.get_one(Event, each.id).register_closed_at = clock.now()
        self.travel.move_to(clock.now() + timedelta(days=1))

    @pytest.fixture(autouse=True)
    def _clock(self, summer: time_machine.Traveller) -> None:
        self.travel = summer


def booking_for(event: Event, like: Booking) -> Booking:
    return Booking(
        event_id=event.id,
        family_id=like.family_id,
        reference="CDFGHJ",
        status=BookingStatus.CONFIRMED,
        origin=Origin.PHONE,
        contact_by=like.contact_by,
        ical_uid="x@y",
        places=[Place(adult_id=like.places[0].adult_id)],
    )


def whole_database() -> dict[str, list[object]]:
    """Everything but the audit, row by row."""
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("audit_entry", "alembic_version")]
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in tables
    }


def empty_the_database() -> None:
    with transaction():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())


class TestCommands:
    def test_import_lists_problems_and_fails(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "history.csv"
        file.write_bytes(a_file(GOOD, with_(booking_id="B2", kind="party")))
        result = app.test_cli_runner().invoke(args=["import-attendance", str(file)])
        assert result.exit_code == 1
        assert "line 3, kind" in result.output
        skipped = app.test_cli_runner().invoke(args=["import-attendance", str(file), "--skip-bad"])
        assert skipped.exit_code == 0
        assert "Imported: 1 places in 1 bookings" in skipped.output

    def test_export_writes_the_columns(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "history.csv"
        file.write_bytes(a_file(GOOD))
        app.test_cli_runner().invoke(args=["import-attendance", str(file)])
        result = app.test_cli_runner().invoke(args=["export-attendance"])
        assert result.output.lstrip("\ufeff").startswith(HEADER)
        assert "one@example.net" not in result.output
