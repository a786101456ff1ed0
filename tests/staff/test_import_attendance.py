"""The page that brings past attendance in: looked at first, whole or not at all."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking.extensions import db
from booking.formats.attendance_file import COLUMNS
from booking.models import AuditEntry, Booking, Place
from booking.rules.words import StaffRole
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


def look_at(client: FlaskClient, content: bytes) -> TestResponse:
    fields = {name: values[0] for name, values in forms_of(client.get(PAGE))[PAGE].items()}
    return client.post(PAGE, data=fields | {"file": (io.BytesIO(content), "attendance.csv")})


def places(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Place.id))) or 0


def test_a_good_file_is_looked_at_then_brought_in_and_changes_nothing_a_second_time(
    app: Flask, insight: FlaskClient
) -> None:
    looked = look_at(insight, GOOD)
    assert "To import: 2 places in 2 bookings" in looked.text
    assert places(app) == 0
    fields = {"held": looked.text.split('name="held" value="')[1].split('"')[0], "step": "import"}
    token = forms_of(looked)[PAGE]["csrf_token"][0]
    done = insight.post(PAGE, data=fields | {"csrf_token": token})
    assert done.status_code == 303
    assert "Imported: 2 places in 2 bookings" in insight.get(PAGE).text
    assert places(app) == 2
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import_attendance")).one()
        assert (entry.screen, entry.staff_id is not None) == ("staff.import_attendance", True)
    again = look_at(insight, GOOD)
    assert "Everything in this file is there already" in again.text
    assert places(app) == 2


@pytest.mark.one_database
def test_every_problem_is_named_by_line_and_column_and_nothing_is_brought_in(app: Flask, insight: FlaskClient) -> None:
    bad = ROW.format(2).replace("coffee,", "tea,").replace("Swale,x", "Atlantis,x")
    answer = look_at(insight, "\n".join([HEADER, ROW.format(1), bad]).encode())
    assert answer.status_code == 422
    assert "Line 3, kind" in answer.text
    assert "Line 3, family_district" in answer.text
    assert places(app) == 0


@pytest.mark.one_database
def test_only_the_first_of_very_many_problems_stand_on_the_page(insight: FlaskClient) -> None:
    rows = [ROW.format(number).replace("coffee,", "tea,") for number in range(300)]
    answer = look_at(insight, "\n".join([HEADER, *rows]).encode())
    assert "There are 300 problems" in answer.text
    assert "the first 200 of 300" in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"PK\x03\x04 a workbook", "This is not a CSV file."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is not a CSV file."),
        (b"name,when\nAnn,today\n", "The first line must name the columns."),
    ],
)
def test_what_is_no_such_file_gets_a_sentence(insight: FlaskClient, content: bytes, sentence: str) -> None:
    answer = look_at(insight, content)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_as_spreadsheet_programs_write_them(app: Flask, insight: FlaskClient, encoding: str) -> None:
    text = GOOD.decode().replace("The Barn", "Café Zoë").replace(",", ";")
    answer = look_at(insight, text.encode(encoding))
    assert answer.status_code == 200
    assert "To import: 2 places" in answer.text


@pytest.mark.one_database
def test_without_a_file_or_with_one_that_is_gone(insight: FlaskClient) -> None:
    assert "Choose a file." in send(insight, PAGE).text
    assert "We do not have that file any more" in send(insight, PAGE, held="abc", step="import").text


@pytest.mark.one_database
def test_a_file_longer_than_any_form_is_taken(insight: FlaskClient) -> None:
    long = "\n".join([HEADER, *(ROW.format(number) for number in range(8_000))]).encode()
    assert len(long) > 1024 * 1024
    token = forms_of(insight.get(PAGE))[PAGE]["csrf_token"][0]
    head = 'Content-Disposition: form-data; name="{}"'
    body = (
        f"--cut\r\n{head.format('csrf_token')}\r\n\r\n{token}\r\n--cut\r\n{head.format('file')}; filename=a.csv\r\n\r\n"
    )
    sent = body.encode() + long + b"\r\n--cut--\r\n"
    looked = insight.post(PAGE, data=sent, content_type="multipart/form-data; boundary=cut")
    assert "To import: 8,000 places" in looked.text


@pytest.mark.one_database
def test_the_file_that_waits_is_somebody_elses_for_everybody_else(app: Flask, insight: FlaskClient) -> None:
    looked = look_at(insight, GOOD)
    held = looked.text.split('name="held" value="')[1].split('"')[0]
    other = app.test_client()
    with app.app_context():
        sign_in(other, a_member_of_staff(StaffRole.INSIGHT))
    assert "We do not have that file any more" in send(other, PAGE, held=held, step="import").text
    with app.app_context():
        assert db.session.scalar(select(func.count(Booking.id))) == 0
