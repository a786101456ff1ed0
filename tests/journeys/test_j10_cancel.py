"""J10: cancel or change from the message's link, kindly, and with no penalty ever."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.formats.tokens import booking_token
from tests.cast import a_booking, an_event
from tests.public.family import Family


@pytest.fixture
def page(app: Flask) -> str:
    with app.app_context():
        return f"/bookings/{booking_token(a_booking(an_event(slug='forum'), email='sam@example.net'))}"


def test_the_link_of_the_message_asks_and_one_press_cancels(client: FlaskClient, page: str) -> None:
    family = Family(client).open(f"{page}/cancel")
    assert "Cancel your booking?" in family.text
    family.send()
    assert "Thanks for telling us – your place goes to another family." in family.text


def test_pressed_twice_it_says_the_same(client: FlaskClient, page: str) -> None:
    family = Family(client).open(f"{page}/cancel")
    token = family.csrf
    family.send()
    again = family.post(f"{page}/cancel", data={"csrf_token": token}, follow_redirects=True)
    assert "Thanks for telling us" in again.get_data(as_text=True)


def test_who_cancelled_may_book_again_at_once(client: FlaskClient, page: str) -> None:
    family = Family(client).open(f"{page}/cancel").send()
    assert "You have a place" in family.book("forum", email="sam@example.net").send().text


def test_everything_else_changes_on_the_same_page_without_javascript(client: FlaskClient, page: str) -> None:
    family = Family(client).open(page).send(to="/adults", adults=2)
    assert "2 adults" in family.text
    family.send(to="/calendar-title")
    assert "Change it to “Parent and carer forum" in family.text
    family.open(f"{page}/contact").send(email="new@example.net")
    assert "This page has a new link now" in family.text
    assert "2 adults" in family.text
    assert "we may have sent you a newer one" in Family(client).open(page).text


def test_no_page_of_it_changes_anything_when_a_mail_scanner_opens_it(client: FlaskClient, page: str) -> None:
    before = client.get(page).get_data(as_text=True)
    for part in ("", "/cancel", "/contact", "/time", "/needs"):
        assert client.head(f"{page}{part}").status_code in (200, 303)
        assert client.get(f"{page}{part}").status_code in (200, 303)
    for part in ("/again", "/forget", "/calendar-title", "/more", "/more/accept", "/accept", "/pass"):
        assert client.get(f"{page}{part}").status_code in (404, 405)
    assert "You have a place" in before
    assert "You have a place" in client.get(page).get_data(as_text=True)
