"""The first page of staff in the morning: what ends soon and what is missing, each with the way to where it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Message, Staff, VenueFact
from booking.queries.morning import count_stale_places, districts_without, mails_came_back, offers_ending
from booking.rules.words import Delivery, FactAnswer, StaffRole
from booking.services.take_complaint import ComplaintGiven, take_complaint
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

    @pytest.mark.one_database
    def test_lead_to_the_booking_and_say_until_when(
        self, app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        with app.app_context():
            event = an_event(capacity=1, title="Coffee and chat")
            first, second = a_booking(event), a_booking(event)
            cancel(first)
            number, reference = second.id, second.reference
            summer.shift(timedelta(hours=12))
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        assert "Offers that end within a day (1)" in page
        spoken = f"{reference[:3]} {reference[3:]}"
        assert f'href="/staff/bookings/{number}">{spoken}</a>: Coffee and chat, until Wed 17 June, 8pm' in page


class TestMailThatCameBack:
    def test_leads_to_the_booking_once_while_the_session_is_to_come(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            returned, cancelled, fine = (a_booking(an_event(title=name)) for name in ("Came back", "Off", "Fine"))
            cancel(cancelled)
            with transaction():
                for message in db.session.scalars(select(Message).where(Message.booking_id != fine.id)):
                    message.bounced_at = clock.now() - timedelta(hours=1)
            [mail] = mails_came_back()
            assert (mail.booking_id, mail.session) == (returned.id, "Came back")
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        assert "Mail that came back (1)" in page
        assert f'href="/staff/bookings/{mail.booking_id}"' in page

    def test_is_shown_to_nobody_whose_session_it_is_not(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            a_booking(an_event())
            with transaction():
                db.session.execute(update(Message).values(bounced_at=clock.now()))
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER, all_sessions=False))
        assert "Mail that came back" not in client.get("/staff/").get_data(as_text=True)


class TestTheFirstDay:
    def test_says_where_to_begin_until_there_is_a_venue(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ADMIN, StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        for path in ("/staff/venues/new", "/staff/import/venues", "/staff/sessions/new", "/staff/people/new"):
            assert f'href="{path}"' in page.split("Begin here")[1].split("</section>")[0]
        with app.app_context():
            a_venue()
        assert "Begin here" not in client.get("/staff/").get_data(as_text=True)


class TestPlaces:
    def test_that_nobody_checked_for_a_year_count_while_a_session_is_near(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            near, far = a_venue(), a_venue()
            an_event(venue_id=near.id)
            an_event(venue_id=far.id, starts_at=clock.now() + timedelta(days=90))
            old, fresh = clock.today() - timedelta(days=400), clock.today()
            with transaction():
                for venue, code, day in ((near, "lift", old), (near, "hearing_loop", fresh), (far, "lift", old)):
                    fact = VenueFact(venue_id=venue.id, code=code, answer=FactAnswer.YES, checked_on=day)
                    db.session.add(fact)
            assert count_stale_places() == 1
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        assert "1 place with a session soon was last checked more than a year ago" in page
        assert 'href="/staff/venues/to-check"' in page


@pytest.mark.one_database
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


class TestRegistersStillOpen:
    def test_lead_to_the_register(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event(starts_at=clock.now() - timedelta(days=3), title="Coffee and chat")
            number = event.id
            sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        page = client.get("/staff/").get_data(as_text=True)
        section = page.split('id="registers"')[1].split("</section>")[0]
        assert f'href="/door/{number}"' in section

    def test_are_not_told_to_who_keeps_none(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            an_event(starts_at=clock.now() - timedelta(days=3))
            sign_in(client, a_member_of_staff(StaffRole.VENUE))
        assert "Registers still open" not in client.get("/staff/").get_data(as_text=True)


class TestComplaints:
    def test_are_told_with_their_clock_to_who_answers_them_alone(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            with transaction():
                take_complaint(ComplaintGiven(text="You rang too late.", phone="07700 900982"), lang="en")
            lead, organiser = a_member_of_staff(StaffRole.PRIVACY_LEAD), a_member_of_staff(StaffRole.ORGANISER)
            organiser_id = organiser.id
            sign_in(client, lead)
        page = client.get("/staff/").text
        assert "Complaints about data (1)" in page
        assert "1 has not been told that it is here." in page
        assert 'href="/staff/complaints"' in page
        with app.app_context():
            sign_in(client, db.session.get_one(Staff, organiser_id))
        assert "Complaints about data" not in client.get("/staff/").text
