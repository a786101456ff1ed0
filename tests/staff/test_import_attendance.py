"""The page that brings past attendance in: a worker looks at the file first, and brings in all of it or nothing."""

from __future__ import annotations

import importlib
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking.extensions import db, transaction
from booking.formats.attendance_file import COLUMNS
from booking.jobs import tick
from booking.jobs.bring_in import bring_in_files
from booking.jobs.progress import import_of
from booking.models import AttendanceImport, AuditEntry, Booking, Place
from booking.queries.sealed_columns import sealed_columns, sealed_values
from booking.rules.import_states import LEASE, MOST_TRIES, ImportState
from booking.rules.words import StaffRole
from booking.services.work_on_import import claim_import
from tests.cast import a_member_of_staff, sign_in
from tests.staff.browse import forms_of, send

PAGE = "/staff/import/attendance"
HEADER = ",".join(COLUMNS)
ROW = (
    "S1,Coffee and chat,coffee,in_person,The Barn,Swale,2026-05-05T10:00,2026-05-05T12:00,20,held,"
    "B{0},one{0}@example.net,Swale,x,web,confirmed,2026-05-01T09:00,,attended"
)
GOOD = "\n".join([HEADER, ROW.format(1), ROW.format(2)]).encode()


@pytest.fixture
def insight(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


def give(client: FlaskClient, content: bytes) -> TestResponse:
    fields = {name: values[0] for name, values in forms_of(client.get(PAGE))[PAGE].items()}
    return client.post(PAGE, data=fields | {"file": (io.BytesIO(content), "attendance.csv")})


def look_at(client: FlaskClient, content: bytes) -> TestResponse:
    """Give a file, let a worker look at it, and return its page."""
    given = give(client, content)
    assert given.status_code == 303
    work(client.application)
    return client.get(given.headers["Location"])


def work(app: Flask, **kwargs: Any) -> int:
    with app.app_context():
        return bring_in_files(**kwargs)


def press(client: FlaskClient, page: TestResponse, do: str) -> TestResponse:
    path = page.request.path
    return client.post(path, data={"csrf_token": forms_of(page)[path]["csrf_token"][0], "do": do})


def places(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Place.id))) or 0


def the_file(app: Flask) -> AttendanceImport | None:
    with app.app_context():
        found = db.session.scalars(select(AttendanceImport)).one_or_none()
        _content = found and found.content
        return found


def many(number: int) -> bytes:
    return "\n".join([HEADER, *(ROW.format(each) for each in range(number))]).encode()


class TestAFile:
    def test_is_looked_at_then_brought_in_and_changes_nothing_a_second_time(
        self, app: Flask, insight: FlaskClient
    ) -> None:
        looked = look_at(insight, GOOD)
        assert "To import: 2 places in 2 bookings" in looked.text
        assert places(app) == 0
        pressed = press(insight, looked, "import")
        assert pressed.status_code == 303
        waits = insight.get(pressed.headers["Location"])
        assert "Importing your file" in waits.text
        assert places(app) == 0
        assert work(app) == 1
        done = insight.get(pressed.headers["Location"])
        assert "Imported: 2 places in 2 bookings" in done.text
        assert "</a>: 2 places, imported" in insight.get(PAGE).text
        assert places(app) == 2
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import_attendance")).one()
            assert (entry.screen, entry.staff_id is not None) == ("staff.import_attendance", True)
        again = look_at(insight, GOOD)
        assert "Everything in this file is there already" in again.text
        assert places(app) == 2

    @pytest.mark.one_database
    def test_with_problems_is_refused_by_line_and_column_and_nothing_is_brought_in(
        self, app: Flask, insight: FlaskClient
    ) -> None:
        bad = ROW.format(2).replace("coffee,", "tea,").replace("Swale,x", "Atlantis,x")
        answer = look_at(insight, "\n".join([HEADER, ROW.format(1), bad]).encode())
        assert "Line 3, kind" in answer.text
        assert "Line 3, family_district" in answer.text
        assert "Import all of this" not in answer.text
        assert press(insight, insight.get(PAGE), "import").status_code == 422
        token = forms_of(insight.get(PAGE))[PAGE]["csrf_token"][0]
        forced = insight.post(answer.request.path, data={"csrf_token": token, "do": "import"})
        assert forced.status_code == 409
        assert "cannot be imported" in forced.text
        work(app)
        assert places(app) == 0

    @pytest.mark.one_database
    def test_with_very_many_problems_shows_the_first(self, insight: FlaskClient) -> None:
        rows = [ROW.format(number).replace("coffee,", "tea,") for number in range(300)]
        answer = look_at(insight, "\n".join([HEADER, *rows]).encode())
        assert "There are 300 problems" in answer.text
        assert "the first 200 of 300" in answer.text

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "This file is empty."),
            (b" \r\n", "This file is empty."),
            (b"PK\x03\x04 a workbook", "This is not a CSV file."),
            (b"\x89PNG\r\n\x1a\n\0\0", "This is not a CSV file."),
        ],
    )
    def test_that_is_none_is_refused_at_once(
        self, app: Flask, insight: FlaskClient, content: bytes, sentence: str
    ) -> None:
        answer = give(insight, content)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert the_file(app) is None

    @pytest.mark.one_database
    def test_with_other_columns_gets_a_sentence(self, insight: FlaskClient) -> None:
        assert "The first line must name the columns." in look_at(insight, b"name,when\nAnn,today\n").text

    @pytest.mark.one_database
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_as_spreadsheet_programs_write_it(self, insight: FlaskClient, encoding: str) -> None:
        answer = look_at(insight, GOOD.decode().replace("The Barn", "Café Zoë").replace(",", ";").encode(encoding))
        assert "To import: 2 places" in answer.text

    @pytest.mark.one_database
    def test_has_to_be_chosen(self, insight: FlaskClient) -> None:
        assert "Choose a file." in send(insight, PAGE).text

    @pytest.mark.one_database
    def test_may_be_longer_than_any_form(self, app: Flask, insight: FlaskClient) -> None:
        long = many(8_000)
        assert len(long) > 1024 * 1024
        token = forms_of(insight.get(PAGE))[PAGE]["csrf_token"][0]
        head = 'Content-Disposition: form-data; name="{}"'
        body = (
            f"--cut\r\n{head.format('csrf_token')}\r\n\r\n{token}\r\n--cut\r\n{head.format('file')}; filename=a.csv"
            "\r\n\r\n"
        )
        sent = body.encode() + long + b"\r\n--cut--\r\n"
        given = insight.post(PAGE, data=sent, content_type="multipart/form-data; boundary=cut")
        work(app)
        assert "To import: 8,000 places" in insight.get(given.headers["Location"]).text

    @pytest.mark.one_database
    def test_is_nobody_elses(self, app: Flask, insight: FlaskClient) -> None:
        looked = look_at(insight, GOOD)
        other = app.test_client()
        with app.app_context():
            sign_in(other, a_member_of_staff(StaffRole.INSIGHT))
        assert other.get(looked.request.path).status_code == 404
        token = forms_of(other.get(PAGE))[PAGE]["csrf_token"][0]
        for do in ("import", "delete"):
            assert other.post(looked.request.path, data={"csrf_token": token, "do": do}).status_code == 404
        assert looked.request.path not in other.get(PAGE).text
        work(app)
        with app.app_context():
            assert db.session.scalar(select(func.count(Booking.id))) == 0


class TestWhatIsKept:
    @pytest.mark.one_database
    def test_is_sealed_and_goes_once_it_is_brought_in(self, app: Flask, insight: FlaskClient) -> None:
        looked = look_at(insight, GOOD)
        with app.app_context():
            (column,) = [each for each in sealed_columns() if str(each) == "attendance_import.content"]
            assert [value for _number, value in sealed_values(column) if "example" in value] == []
        kept = the_file(app)
        assert kept is not None
        assert kept.content
        press(insight, looked, "import")
        work(app)
        kept = the_file(app)
        assert kept is not None
        assert kept.content is None

    @pytest.mark.one_database
    def test_goes_at_once_where_nothing_can_be_brought_in(self, app: Flask, insight: FlaskClient) -> None:
        look_at(insight, GOOD.replace(b"coffee,", b"tea,"))
        kept = the_file(app)
        assert kept is not None
        assert kept.content is None

    @pytest.mark.one_database
    def test_can_be_deleted(self, app: Flask, insight: FlaskClient) -> None:
        deleted = press(insight, look_at(insight, GOOD), "delete")
        assert "Your file is deleted" in insight.get(deleted.headers["Location"]).text
        assert the_file(app) is None

    @pytest.mark.one_database
    def test_is_not_deleted_while_it_is_brought_in(self, app: Flask, insight: FlaskClient) -> None:
        looked = look_at(insight, GOOD)
        press(insight, looked, "import")
        refused = press(insight, looked, "delete")
        assert refused.status_code == 409
        assert "This file is being imported" in refused.text
        work(app)
        assert places(app) == 2

    def test_goes_after_a_day_whatever_became_of_it(
        self, app: Flask, insight: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        path = look_at(insight, GOOD).request.path
        summer.shift(timedelta(hours=24, minutes=1))
        with app.app_context():
            tick()
            assert db.session.scalar(select(func.count(AttendanceImport.id))) == 0
            sign_in(insight, a_member_of_staff(StaffRole.INSIGHT))
        assert insight.get(path).status_code == 404

    @pytest.mark.one_database
    def test_somebody_who_is_removed_leaves_no_file(self, app: Flask, insight: FlaskClient) -> None:
        give(insight, GOOD)
        remove = importlib.import_module("booking.services.remove_person").remove_person
        kept = the_file(app)
        assert kept is not None
        with app.app_context():
            a_member_of_staff(StaffRole.ADMIN)
            with transaction():
                remove(kept.staff_id, hand_on_to=None)
        assert the_file(app) is None


class TestAWorker:
    @pytest.fixture
    def claimed(self, app: Flask, insight: FlaskClient) -> str:
        """The page of a file that a worker had begun to bring in when it was ended."""
        looked = look_at(insight, GOOD)
        press(insight, looked, "import")
        with app.app_context(), transaction():
            assert claim_import() is not None
        return looked.request.path

    def test_that_was_ended_in_the_middle_has_written_nothing_and_another_does_it(
        self, app: Flask, insight: FlaskClient, claimed: str, summer: time_machine.Traveller
    ) -> None:
        assert work(app) == 0
        assert places(app) == 0
        summer.shift(LEASE + timedelta(seconds=1))
        assert work(app) == 1
        assert places(app) == 2
        assert "Imported: 2 places" in insight.get(claimed).text

    @pytest.mark.usefixtures("claimed")
    def test_that_comes_back_late_writes_nothing_a_second_time(
        self, app: Flask, summer: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        summer.shift(LEASE + timedelta(seconds=1))
        module = importlib.import_module("booking.jobs.bring_in")
        read = module.read_attendance

        def read_slowly(*arguments: Any, **named: Any) -> Any:
            monkeypatch.undo()
            summer.shift(LEASE + timedelta(seconds=1))
            db.session.rollback()
            assert bring_in_files() == 1  # the other worker
            return read(*arguments, **named)

        monkeypatch.setattr(module, "read_attendance", read_slowly)
        assert work(app) == 0
        assert places(app) == 2
        with app.app_context():
            entries = select(func.count(AuditEntry.id)).where(AuditEntry.action == "import_attendance")
            assert db.session.scalar(entries) == 1

    @pytest.mark.one_database
    def test_does_not_begin_for_ever(
        self, app: Flask, insight: FlaskClient, claimed: str, summer: time_machine.Traveller
    ) -> None:
        for _ in range(MOST_TRIES - 1):
            summer.shift(LEASE + timedelta(seconds=1))
            with app.app_context(), transaction():
                assert claim_import() is not None
        assert "It is begun anew" in insight.get(claimed).text
        summer.shift(LEASE + timedelta(seconds=1))
        work(app)
        kept = the_file(app)
        assert kept is not None
        assert (kept.state, kept.content) == (ImportState.FAILED, None)
        assert "Nothing of it was imported" in insight.get(claimed).text
        assert places(app) == 0

    def test_that_is_to_end_rolls_back_and_gives_the_file_back(self, app: Flask, insight: FlaskClient) -> None:
        looked = look_at(insight, many(1_200))
        press(insight, looked, "import")
        asked: list[bool] = []

        def is_stopping() -> bool:
            asked.append(True)
            return len(asked) > 3  # begun, twice while it reads, then while it writes

        assert work(app, is_stopping=is_stopping) == 0
        assert places(app) == 0
        kept = the_file(app)
        assert kept is not None
        assert (kept.state, kept.tries, kept.leased_until) == (ImportState.WRITE, 0, None)
        assert work(app) == 1
        assert places(app) == 1_200

    @pytest.mark.one_database
    def test_logs_what_fails_without_a_word_of_the_file(
        self, app: Flask, insight: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_arguments: Any, **_named: Any) -> None:
            raise ValueError("one1@example.net")

        give(insight, GOOD)
        monkeypatch.setattr(importlib.import_module("booking.jobs.bring_in"), "read_attendance", broken)
        with app.app_context():
            assert tick().failed == ()
        assert "a file of past attendance failed (look): ValueError at test_import_attendance.py" in caplog.text
        assert "example.net" not in caplog.text

    def test_says_how_far_it_is_where_the_web_can_read_it(
        self, app: Flask, insight: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importlib.import_module("booking.jobs.bring_in"), "_SAY_EVERY", 0)
        looked = look_at(insight, many(1_500))
        path = looked.request.path
        press(insight, looked, "import")
        engine, told = app.extensions["jobs"], []
        tell = engine.tell_progress

        def tell_and_look(*arguments: Any, **named: Any) -> None:
            tell(*arguments, **named)
            told.append(engine.progress_of(*arguments)[:3])

        monkeypatch.setattr(engine, "tell_progress", tell_and_look)
        assert work(app) == 1
        assert told[:3] == [("read", 500, 1500), ("read", 1000, 1500), ("read", 1500, 1500)]
        assert told[3:] == [("written", done, 3000) for done in (1000, 1500, 2500, 3000)], "bookings, then places"
        number = int(path.rpartition("/")[2])
        assert engine.progress_of(import_of(number)) is None

    @pytest.mark.one_database
    def test_tells_the_page_in_words_and_as_a_bar(self, app: Flask, insight: FlaskClient) -> None:
        path = give(insight, GOOD).headers["Location"]
        waits = insight.get(path).text
        assert "It waits for its turn." in waits
        assert "Look again" in waits
        assert 'value="' not in waits.partition("<progress")[2].partition(">")[0]
        number = int(path.rpartition("/")[2])
        app.extensions["jobs"].tell_progress(import_of(number), what="read", done=40_000, total=100_000)
        page = insight.get(path).text
        assert "40,000 of 100,000 lines are read." in page
        assert 'max="100000" value="40000"' in page
        work(app)
        assert "<progress" not in insight.get(path).text


@pytest.mark.one_database
def test_a_look_needs_no_writer_so_that_families_book_meanwhile(
    app: Flask, insight: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = give(insight, many(600))
    module = importlib.import_module("booking.jobs.bring_in")

    def while_somebody_books(real: Callable[..., Any]) -> Callable[..., Any]:
        def look(*arguments: Any, **named: Any) -> Any:
            with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as booking:
                booking.execute("BEGIN IMMEDIATE")
                return real(*arguments, **named)

        return look

    for name in ("read_attendance", "import_attendance"):
        monkeypatch.setattr(module, name, while_somebody_books(getattr(module, name)))
    assert work(app) == 1
    assert "To import: 600 places" in insight.get(given.headers["Location"]).text
