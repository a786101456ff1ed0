"""J2: book a place in at most six short pages, without a clock, with nothing to type twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, request, request_started
from flask.testing import FlaskClient

from booking.extensions import db
from booking.models import Event
from booking.rules.words import EventKind
from tests.cast import a_booking, an_event
from tests.public.family import Family


@pytest.fixture
def forum(app: Flask) -> str:
    with app.app_context():
        return str(an_event(capacity=1).slug)


def test_it_takes_at_most_six_pages_before_the_place_is_theirs(client: FlaskClient, forum: str) -> None:
    family = Family(client).open(f"/sessions/{forum}/book")
    pages = [family.path]
    family.send()
    pages.append(family.path)
    family.send(full_name="Sam", contact_by="email", email="sam@example.net")
    while not family.path.startswith("/bookings/"):
        pages.append(family.path)
        family.send()
    assert len(pages) == 6


def test_no_clock_runs_and_no_place_is_held_while_someone_types(
    app: Flask, client: FlaskClient, forum: str, summer: time_machine.Traveller
) -> None:
    slow = Family(client).book(forum)
    summer.shift(timedelta(hours=23))
    with app.app_context():
        assert db.session.query(Event).filter_by(slug=forum).one().places_taken == 0
    assert "You have a place" in slow.send().text


def test_of_two_families_at_the_last_place_one_gets_it_and_the_other_the_list_with_nothing_to_type(
    app: Flask, client: FlaskClient, forum: str
) -> None:
    first = Family(client).book(forum, email="first@example.net")
    second = Family(app.test_client()).book(forum, email="second@example.net", full_name="Second Family")
    assert "You have a place" in first.send().text
    second.send()
    assert second.status == 409
    assert "Second Family" in second.text
    assert "You are number 1 on the list" in second.send().text


def test_joining_a_known_family_shows_nothing_of_what_we_know(app: Flask, client: FlaskClient, forum: str) -> None:
    with app.app_context():
        a_booking(an_event(), email="sam@example.net", phone="01632 960123", adults=2)
    stranger = Family(client).book(forum, email="sam@example.net", full_name="Somebody Else")
    for page in (stranger.text, stranger.send().text):
        for secret in ("960123", "Adult 1", "Adult 2"):
            assert secret not in page


@pytest.mark.one_database
@pytest.mark.parametrize("kind", EventKind)
def test_the_place_is_theirs_after_at_most_twelve_requests(app: Flask, client: FlaskClient, kind: EventKind) -> None:
    with app.app_context():
        slug = str(an_event(kind=kind).slug)
    asked: list[str] = []

    def count(_app: Flask, **_values: object) -> None:
        asked.append(f"{request.method} {request.path}")

    with request_started.connected_to(count, app):
        assert "You have a place" in Family(client).book(slug).send().text
    booked_with = max(place for place, each in enumerate(asked, start=1) if each.startswith("POST"))
    assert 8 <= booked_with <= 12, asked
    assert booked_with == len(asked) - 1, "after it there is one page to see, and nothing to do"
