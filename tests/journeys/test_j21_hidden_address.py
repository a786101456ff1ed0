"""J21: a place that is kept private is told to who has a place there, and to nobody else, anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.words import BookingStatus, CancelledBy
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, a_photo, a_venue, an_event
from tests.guards.crawl import crawl
from tests.mail.relay import Relay, calendar_of, page_of, point_at, running, text_of

NAME = "Hopkiln Refuge"
SECRETS = (NAME, "9 Sloe Lane", "TN23 9ZZ", "the blue gate", "Ring twice", "51.98765", "0.87654", "601234", "141234")


@pytest.fixture
def hidden(app: Flask) -> int:
    """A coming session at a place that is kept private, with one place, taken."""
    with app.app_context():
        venue = a_venue(
            name=NAME,
            address="9 Sloe Lane",
            postcode="TN23 9ZZ",
            directions="Through the blue gate.",
            arrival_steps=["Ring twice."],
            lat=51.98765,
            lon=0.87654,
            easting=601234,
            northing=141234,
            is_confidential=True,
        )
        a_photo(venue, alt=f"The door of {NAME}", seed=1)
        return an_event(slug="hidden", title="A quiet evening", venue_id=venue.id, capacity=1).id


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def test_no_public_page_feed_file_or_interface_tells_it(app: Flask, client: FlaskClient, hidden: int) -> None:
    starts = [
        "/",
        "/sessions",
        "/sessions/hidden",
        "/sessions/hidden/book",
        "/sessions/hidden/place",
        "/pl/sessions/hidden",
        "/easy/sessions/hidden",
        "/calendar.ics",
        "/calendar/ashford.ics",
        "/feed.atom",
        "/embed",
        "/api/v1/sessions",
        "/sessions?place=TN23",
    ]
    seen = 0
    for visit in crawl(app, client, starts, per_endpoint=6):
        assert told(visit.response.get_data(as_text=True)) == [], visit.path
        seen += b"A quiet evening" in visit.response.data
    assert seen >= 8


@pytest.mark.parametrize("status", [BookingStatus.WAITING, BookingStatus.OFFERED, BookingStatus.CANCELLED])
def test_who_has_no_place_is_not_told(app: Flask, client: FlaskClient, hidden: int, status: BookingStatus) -> None:
    with app.app_context():
        first = a_booking_there(hidden)
        other = a_booking_there(hidden)
        if status != BookingStatus.WAITING:
            with transaction():
                cancel_booking(first.id if status == BookingStatus.OFFERED else other.id, by=CancelledBy.FAMILY)
        other = db.session.get_one(Booking, other.id, populate_existing=True)
        assert other.status == status
        link = f"/bookings/{booking_token(other)}"
    for path in (link, f"{link}/print", f"{link}/place", f"{link}/calendar.ics"):
        assert told(page(client, path)) == [], path


def test_who_has_one_is_told_on_its_page_and_on_paper_and_no_calendar_is_as_calendars_are_shared(
    app: Flask, client: FlaskClient, hidden: int
) -> None:
    with app.app_context():
        link = f"/bookings/{booking_token(a_booking_there(hidden))}"
    for path in (link, f"{link}/print", f"{link}/place"):
        assert NAME in page(client, path), path
    assert told(page(client, f"{link}/calendar.ics").replace("\r\n ", "")) == []
    assert "the blue gate" in page(client, f"{link}/print")
    assert "9 Sloe Lane" in page(client, f"{link}/print")


def test_mail_tells_it_to_who_has_a_place_and_the_calendar_title_says_little(in_app: Flask, hidden: int) -> None:
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with running(Relay()) as relay:
        point_at(in_app, relay)
        a_booking_there(hidden)
        a_booking_there(hidden)
        deliver_messages()
        booked, waiting = relay.mails
    vars(state).update(before)
    assert NAME in text_of(booked)
    assert told(text_of(waiting) + page_of(waiting) + str(waiting["Subject"])) == []
    calendar = (calendar_of(booked) or b"").replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Kent PACT session" in calendar
    assert "A quiet evening" not in calendar
    assert told(calendar) == []


def test_nobody_sees_who_else_comes(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        event = an_event(slug="forum", starts_at=clock.now() + timedelta(days=3))
        one, other = a_booking(event, email="ann@example.net"), a_booking(event, email="bea@example.net")
        link, theirs = f"/bookings/{booking_token(one)}", other.reference
    for path in (link, f"{link}/print", "/sessions/forum", "/api/v1/sessions", "/calendar.ics"):
        shown = page(client, path)
        assert theirs not in shown
        assert theirs[:3] + " " + theirs[3:] not in shown
        assert "bea@example.net" not in shown


def a_booking_there(event_id: int) -> Booking:
    from booking.models import Event

    return a_booking(db.session.get_one(Event, event_id))
