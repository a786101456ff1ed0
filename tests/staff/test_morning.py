"""The first page of staff in the morning: what ends soon and what is missing, each with the way to where it is done."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db
from booking.locality import get_locality
from booking.queries.morning import districts_without, offers_ending
from booking.rules.words import Delivery, StaffRole
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in
from tests.mail.deeds import cancel


def names() -> list[str]:
    return [district.code for district in districts_without(get_locality("kent"))]


class TestOffers:
    def test_are_shown_in_the_last_day_before_they_end(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1)
        first, second = a_booking(event), a_booking(event)
        cancel(first)
        assert offers_ending() == [], "the family has until tomorrow evening"
        summer.shift(timedelta(hours=12))
        db.session.rollback()
        [offer] = offers_ending()
        assert (offer.reference, offer.event_id) == (second.reference, event.id)

    def test_lead_to_the_session_and_say_until_when(
        self, app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        with app.app_context():
            event = an_event(capacity=1, title="Coffee and chat")
            first, second = a_booking(event), a_booking(event)
            cancel(first)
            number, reference = event.id, second.reference
            summer.shift(timedelta(hours=12))
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        assert "Offers that end within a day (1)" in page
        assert f'href="/staff/sessions/{number}">Coffee and chat</a>' in page
        assert f"{reference[:3]} {reference[3:]}, until Wed 17 June, 8pm" in page


class TestDistricts:
    def test_without_a_session_in_a_room_are_named(self, in_app: Flask) -> None:
        before = names()
        assert {"ashford", "dover"} <= set(before)
        dover = a_venue(district="dover")
        an_event()
        an_event(venue_id=dover.id, starts_at=clock.now() + timedelta(days=50))
        an_event(delivery=Delivery.ONLINE)
        assert names() == [code for code in before if code != "ashford"]

    def test_are_shown_to_who_plans(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        assert "Districts without a session in the next six weeks (12)" in client.get("/staff/").get_data(as_text=True)

    def test_are_not_shown_to_who_does_not(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert "Districts without" not in client.get("/staff/").get_data(as_text=True)
