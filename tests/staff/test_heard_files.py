"""Files go with what was heard: no button loses what was typed, and only who came gets them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, Event
from booking.queries.heard import files_with, heard_at, notes_due
from booking.rules.words import EventKind, Outcome, StaffRole
from booking.services.close_register import close_register
from booking.services.write_heard import say_nothing_heard, write_heard
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import forms_of
from tests.staff.test_photos import post
from tests.staff.test_shared_file import a_pdf

NOTE = "The bus is late.\n\n1. We asked.\n2. See https://example.org/answer"
SLIDES = "Żółw\n".encode()


@pytest.fixture
def booking(in_app: Flask, summer: time_machine.Traveller) -> Booking:
    """A booking of a family that came."""
    booking = a_booking(an_event())
    event = db.session.get_one(Event, booking.event_id)
    summer.move_to(event.ends_at + timedelta(hours=1))
    places = [place.id for place in db.session.get_one(Booking, booking.id).places]
    with transaction():
        close_register(event.id, dict.fromkeys(places, Outcome.ATTENDED), by=None)
    return booking


def page_of(booking: Booking) -> str:
    return f"/staff/sessions/{booking.event_id}/what-we-heard"


def press(client: FlaskClient, booking: Booking, do: str, **values: object) -> TestResponse:
    """Press a button of the page; `file` is the bytes and the name of a file that was chosen."""
    page = page_of(booking)
    fields = {name: held[0] for name, held in forms_of(client.get(page))[page].items() if name != "again"}
    chosen = values.pop("file", None)
    if isinstance(chosen, tuple):
        values["file"] = FileStorage(BytesIO(chosen[0]), filename=chosen[1])
    return post(client, page, {**fields, "do": do, **values})


@pytest.fixture
def staff_client(booking: Booking, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    return client


def own_page(client: FlaskClient, booking: Booking) -> str:
    return f"/bookings/{booking_token(db.session.get_one(Booking, booking.id))}"


def test_a_file_is_added_and_what_was_typed_stays(booking: Booking, staff_client: FlaskClient) -> None:
    answer = press(staff_client, booking, "file", text=NOTE, file=(SLIDES, "Żółw <b>.txt"))
    assert answer.status_code == 200
    assert NOTE in answer.text
    assert "Zolw-b.txt" in answer.text
    assert problems_of(answer.text) == []
    assert heard_at(booking.event_id) is None


def test_who_came_gets_the_file_to_keep(booking: Booking, staff_client: FlaskClient) -> None:
    assert press(staff_client, booking, "show", text=NOTE, file=(SLIDES, "talk.txt")).status_code == 303
    html = staff_client.get(own_page(staff_client, booking)).text
    assert "talk.txt" in html
    assert "(TXT, 1 KB)" in html
    assert html.count("<li><bdi>") == 2
    assert '<a class="govuk-link" href="https://example.org/answer"' in html
    file = files_with(booking.event_id)[0]
    answer = staff_client.get(f"{own_page(staff_client, booking)}/heard/{file.id}")
    assert answer.data == SLIDES
    headers = answer.headers
    assert headers["Content-Disposition"] == 'attachment; filename="talk.txt"'
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


def test_nobody_else_gets_it(booking: Booking, staff_client: FlaskClient) -> None:
    press(staff_client, booking, "show", text=NOTE, file=(SLIDES, "talk.txt"))
    file = files_with(booking.event_id)[0]
    other = a_booking(an_event(slug="another"))
    assert staff_client.get(f"{own_page(staff_client, other)}/heard/{file.id}").status_code == 404
    assert staff_client.get(f"/staff/sessions/{other.event_id}/what-we-heard/{file.id}").status_code == 404


def test_a_file_of_which_nothing_is_said_yet_is_not_given_out(booking: Booking, staff_client: FlaskClient) -> None:
    press(staff_client, booking, "file", file=(SLIDES, "talk.txt"))
    file = files_with(booking.event_id)[0]
    assert staff_client.get(f"{own_page(staff_client, booking)}/heard/{file.id}").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x00\x01", "slides.pdf", "We cannot read this file."),
        (b"a" * (6 * 1024 * 1024), "long.txt", "This file is too large."),
        (b"", "empty.txt", "This file is empty."),
    ],
)
def test_a_file_that_is_refused_loses_nothing_and_shows_nothing(
    booking: Booking, staff_client: FlaskClient, content: bytes, name: str, sentence: str
) -> None:
    answer = press(staff_client, booking, "show", text=NOTE, file=(content, name))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NOTE in answer.text
    assert heard_at(booking.event_id) is None


@pytest.mark.one_database
def test_a_pdf_without_tags_is_said_to_be_one(booking: Booking, staff_client: FlaskClient) -> None:
    answer = press(staff_client, booking, "show", text=NOTE, file=(a_pdf(), "slides.pdf"))
    assert "A screen reader may not read this PDF" in staff_client.get(answer.location).text
    assert "A screen reader may not read this file" in staff_client.get(own_page(staff_client, booking)).text


@pytest.mark.one_database
def test_there_are_three_at_most_none_twice_and_one_can_go(booking: Booking, staff_client: FlaskClient) -> None:
    press(staff_client, booking, "file", file=(b"one", "1.txt"))
    assert "here already" in press(staff_client, booking, "file", file=(b"one", "again.txt")).text
    for number in (b"two", b"three"):
        press(staff_client, booking, "file", file=(number, "more.txt"))
    assert "3 files already" in press(staff_client, booking, "file", file=(b"four", "4.txt")).text
    first = files_with(booking.event_id)[0]
    answer = press(staff_client, booking, f"remove-{first.id}", text=NOTE)
    assert NOTE in answer.text
    assert [file.name for file in files_with(booking.event_id)] == ["more.txt", "more.txt"]
    assert press(staff_client, booking, f"remove-{first.id}").status_code == 404


class TestTheReminder:
    def test_stands_on_today_from_the_fifth_day_and_says_when_it_is_late(
        self, booking: Booking, staff_client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        event = db.session.get_one(Event, booking.event_id)
        ends_at = event.ends_at
        summer.move_to(ends_at + timedelta(days=4))
        assert notes_due(among=None) == []
        summer.move_to(ends_at + timedelta(days=5, minutes=1))
        sign_in(staff_client, a_member_of_staff(StaffRole.ORGANISER))
        html = staff_client.get("/staff/").text
        assert "Families wait to read what we heard" in html
        assert "due by" in html
        assert [note.is_late for note in notes_due(among=None)] == [False]
        assert notes_due(among=frozenset()) == []
        summer.move_to(ends_at + timedelta(days=11))
        assert [note.is_late for note in notes_due(among=None)] == [True]

    def test_ends_with_the_note_or_with_the_reason_why_there_is_none(
        self, booking: Booking, staff_client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        summer.move_to(db.session.get_one(Event, booking.event_id).ends_at + timedelta(days=6))
        sign_in(staff_client, a_member_of_staff(StaffRole.ORGANISER))
        answer = press(staff_client, booking, "nothing", text=NOTE)
        assert answer.status_code == 422
        assert "Say why there is nothing to share." in answer.text
        assert NOTE in answer.text
        assert press(staff_client, booking, "nothing", nothing_because="It was a drop-in.").status_code == 303
        assert "It was a drop-in." in staff_client.get(page_of(booking)).text
        assert notes_due(among=None) == []
        assert "What we heard" not in staff_client.get(own_page(staff_client, booking)).text
        with transaction():
            write_heard(booking.event_id, NOTE)
        assert notes_due(among=None) == []
        with pytest.raises(Exception, match="Families read a note already"), transaction():
            say_nothing_heard(booking.event_id, "No.")

    @pytest.mark.one_database
    def test_is_not_for_a_coffee_morning(
        self, booking: Booking, staff_client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        with transaction():
            event = db.session.get_one(Event, booking.event_id)
            event.kind = EventKind.COFFEE
        summer.move_to(event.ends_at + timedelta(days=6))
        assert notes_due(among=None) == []

    def test_is_not_for_a_session_that_nobody_came_to(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        summer.move_to(db.session.get_one(Event, booking.event_id).ends_at + timedelta(days=6))
        places = [place.id for place in db.session.get_one(Booking, booking.id).places]
        with transaction():
            close_register(booking.event_id, dict.fromkeys(places, Outcome.DID_NOT_COME), by=None)
        assert notes_due(among=None) == []


@pytest.mark.one_database
def test_who_may_not_run_the_session_may_not_write(booking: Booking, client: FlaskClient) -> None:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    assert client.get(page_of(booking)).status_code == 403
