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
