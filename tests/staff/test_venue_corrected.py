"""A venue that is another place, or has another name, after families booked: who hears of it, and who does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import Booking, Event, Message
from booking.rules.words import BookingStatus, Delivery, EventStatus, MessageKind
from booking.services.postpone_session import postpone_session
from tests.cast import a_booking, a_venue, an_event
from tests.mail.relay import Relay, calendar_of, text_of
from tests.staff.browse import send


def changes() -> Sequence[Message]:
    db.session.rollback()
    return db.session.scalars(select(Message).where(Message.kind == MessageKind.CHANGED).order_by(Message.id)).all()


@pytest.fixture
def page(app: Flask) -> str:
    """The page of a venue with one family that has a place and one that waits."""
    with app.app_context():
        venue = a_venue(name="Rose Hall", address="1 Mill Lane, Ashford TN23 1PP", postcode="TN23 1PP")
        event = an_event(venue_id=venue.id, capacity=1)
        a_booking(event)
        a_booking(event)
        return f"/staff/venues/{venue.id}"


class TestAnotherAddress:
    def test_is_saved_only_once_staff_have_said_who_hears_of_it(
        self, app: Flask, organiser: FlaskClient, page: str
    ) -> None:
        asked = send(organiser, page, address="2 Mill Lane, Ashford TN23 1PP")
        assert asked.status_code == 422
        assert "2 families were told another place" in asked.text
        assert "2 Mill Lane" in asked.text
        with app.app_context():
            assert changes() == []
            assert db.session.scalars(select(Event.feed_sequence)).one() == 0
        assert send(organiser, asked, tell="families").status_code == 303
        with app.app_context():
            assert len(changes()) == 2

    def test_reaches_the_calendar_of_who_booked_as_the_next_revision(
        self, app: Flask, organiser: FlaskClient, page: str, relay: Relay
    ) -> None:
        deliver_messages()
        first = len(relay.raw)
        asked = send(organiser, page, address="2 Mill Lane, Ashford TN23 1PP", name="Rose House")
        send(organiser, asked, tell="families")
        deliver_messages()
        booked, waiting = relay.mails[first:]
        (entry,) = Calendar.from_ical(calendar_of(booked) or b"").walk("VEVENT")
        assert entry["SEQUENCE"] == 1
        assert str(entry["LOCATION"]) == "Rose House, 2 Mill Lane, Ashford TN23 1PP"
        assert calendar_of(waiting) is None
        for mail in (booked, waiting):
            assert "New place: Rose House, 2 Mill Lane" in text_of(mail)
            assert "Old place: Rose Hall, 1 Mill Lane" in text_of(mail)
            assert "(as before)" in text_of(mail)

    def test_that_corrects_a_typing_mistake_is_told_to_nobody_but_the_feed(
        self, app: Flask, organiser: FlaskClient, page: str
    ) -> None:
        asked = send(organiser, page, address="1 Mill Lane, Ashford TN23 1PP (red door)")
        assert send(organiser, asked, tell="nobody").status_code == 303
        with app.app_context():
            assert changes() == []
            assert db.session.scalars(select(Event.feed_sequence)).one() == 1
            assert set(db.session.scalars(select(Booking.ical_sequence))) == {0}
        assert "red door" in organiser.get(page).text


@pytest.mark.one_database
class TestNobodyIsAsked:
    @pytest.mark.parametrize("change", [{"directions": "Ring twice."}, {"fire_limit": "70"}, {"name": " Rose  Hall "}])
    def test_when_what_families_were_told_stays(
        self, app: Flask, organiser: FlaskClient, page: str, change: dict[str, str]
    ) -> None:
        assert send(organiser, page, **change).status_code == 303
        with app.app_context():
            assert changes() == []

    def test_when_no_coming_session_there_is_booked(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            venue = a_venue(name="Rose Hall", postcode="TN23 1PP")
            a_booking(over := an_event(venue_id=venue.id))
            a_booking(off := an_event(venue_id=venue.id))
            a_booking(an_event(venue_id=venue.id, delivery=Delivery.ONLINE))
            an_event(venue_id=venue.id)
            with transaction():
                past = {"starts_at": clock.now().replace(year=2025), "ends_at": clock.now().replace(year=2025, hour=23)}
                for name, value in past.items():
                    setattr(db.session.get_one(Event, over.id), name, value)
                db.session.get_one(Event, off.id).status = EventStatus.CANCELLED
            page = f"/staff/venues/{venue.id}"
        assert send(organiser, page, name="Rose House").status_code == 303
        with app.app_context():
            assert changes() == []


@pytest.mark.one_database
def test_what_is_put_off_tells_its_place_with_its_new_date(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        venue = a_venue(name="Rose Hall", postcode="TN23 1PP")
        booking = a_booking(event := an_event(venue_id=venue.id))
        with transaction():
            postpone_session(event.id)
        page, number = f"/staff/venues/{venue.id}", booking.id
    assert send(organiser, page, name="Rose House").status_code == 303
    with app.app_context():
        assert changes() == []
        assert db.session.get_one(Booking, number).status == BookingStatus.CONFIRMED
