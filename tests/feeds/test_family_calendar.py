"""A family's own calendar: asked for on a booking's page, mailed to the family alone, true and quiet, and stopped."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token, calendar_token
from booking.jobs import deliver_messages
from booking.models import Booking, Event, Family, Message
from booking.rules.words import CancelledBy, ConsentSubject, ContactBy, Delivery, EventCancelReason, MessageKind
from booking.services.ask_needs import Need
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_contact import Contact, change_contact
from booking.services.change_title import change_title
from booking.services.forget_family import forget_family
from booking.services.move_session import move_session
from booking.services.postpone_session import postpone_session
from booking.services.save_session import SessionPlan
from booking.services.send_calendar_link import MOST_A_DAY, send_calendar_link
from booking.web.shared.logs import masked
from tests.cast import a_booking, a_venue, an_event
from tests.mail.judges import by_all, faults_libical_finds
from tests.mail.relay import Relay, calendar_of, page_of, text_of
from tests.staff.browse import send

EMAIL = "parent@example.net"


def address_of(booking: Booking) -> str:
    """Ask for the calendar as the page does, and return where it is."""
    with transaction():
        assert send_calendar_link(booking.id) is not None
    return f"/calendar/mine/{calendar_token(db.session.get_one(Family, booking.family_id))}.ics"


def entries(client: FlaskClient, address: str) -> dict[str, Any]:
    events = Calendar.from_ical(client.get(address).data).walk("VEVENT")
    return {str(event["UID"]): event for event in events}


class TestAskingForIt:
    def test_brings_it_by_mail_and_shows_it_nowhere(self, app: Flask, client: FlaskClient, relay: Relay) -> None:
        booking = a_booking(an_event(), email=EMAIL)
        page = f"/bookings/{booking_token(booking)}"
        deliver_messages()
        answer = send(client, page, to=f"{page}/calendar")
        assert answer.status_code == 303
        after = client.get(answer.headers["Location"]).text
        deliver_messages()
        family = db.session.get_one(Family, booking.family_id)
        mail = relay.mails[-1]
        assert mail["To"] == EMAIL
        assert f"http://localhost/calendar/mine/{calendar_token(family)}.ics" in text_of(mail)
        assert f"http://localhost/calendars/mine/{calendar_token(family)}" in page_of(mail)
        assert calendar_of(mail) is None
        assert calendar_token(family) not in after
        assert "We are sending it to your email." in after

    @pytest.mark.one_database
    def test_is_limited(self, in_app: Flask) -> None:
        booking = a_booking(an_event(), email=EMAIL)
        for _each in range(MOST_A_DAY):
            address_of(booking)
        with transaction():
            assert send_calendar_link(booking.id) is None
        kinds = db.session.scalars(select(Message.kind)).all()
        assert kinds.count(MessageKind.CALENDAR_LINK) == MOST_A_DAY

    @pytest.mark.one_database
    def test_is_offered_only_where_the_mail_would_reach_the_family(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            by_phone = a_booking(an_event(), email=None, phone="01632 960111", contact_by=ContactBy.PHONE)
            other = a_booking(an_event(), email="other@example.net")
            with transaction():
                db.session.get_one(Family, other.family_id).email_hash = "0" * 64
            pages = [f"/bookings/{booking_token(each)}" for each in (by_phone, other)]
        for page in pages:
            shown = client.get(page)
            assert shown.status_code == 200
            assert f'action="{page}/calendar"' not in shown.text
        token = {"csrf_token": "x"}
        assert client.post(f"{pages[1]}/calendar", data=token).status_code in (400, 409)

    @pytest.mark.one_database
    def test_says_nothing_any_more_once_the_family_has_stopped_it(self, app: Flask, relay: Relay) -> None:
        booking = a_booking(an_event(), email=EMAIL)
        deliver_messages()
        address = address_of(booking)
        client = app.test_client()
        page = address.replace("/calendar/", "/calendars/").removesuffix(".ics")
        send(client, page, to=f"{page}/stop")
        before = len(relay.raw)
        deliver_messages()
        assert len(relay.raw) == before


class TestWhatItHolds:
    def test_is_each_place_with_the_invitations_uid_and_revision(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        first, second, gone = (a_booking(an_event(title=f"Session {n}"), email=EMAIL) for n in range(3))
        a_booking(an_event(), email="other@example.net")
        address = address_of(first)
        with transaction():
            change_title(second.id, is_discreet=True)
            cancel_booking(gone.id, by=CancelledBy.FAMILY)
        found = entries(client, address)
        bookings = {each.ical_uid: each for each in db.session.scalars(select(Booking))}
        assert set(found) == {first.ical_uid, second.ical_uid, gone.ical_uid}
        for uid, entry in found.items():
            assert entry["SEQUENCE"] == bookings[uid].ical_sequence
            assert "ATTENDEE" not in entry
        assert [str(found[each.ical_uid]["SUMMARY"]) for each in (first, second, gone)] == [
            "Session 0",
            "Kent PACT booking",
            "CANCELLED: Session 2",
        ]
        assert str(found[gone.ical_uid]["STATUS"]) == "CANCELLED"
        summer.shift(timedelta(days=14 + 8))
        assert entries(client, address) == {}

    def test_is_read_alike_by_every_program_and_obeys_libical(self, in_app: Flask, client: FlaskClient) -> None:
        booking = a_booking(an_event(title="Łucja’s tea, cake; 🙂"), email=EMAIL)
        ics = client.get(address_of(booking)).data
        read = by_all(ics)
        assert (read.method, read.attendees, read.summary) == ("PUBLISH", (), "Łucja’s tea, cake; 🙂")
        assert faults_libical_finds(ics) == []

    @pytest.mark.one_database
    def test_is_nothing_secret(self, in_app: Flask, client: FlaskClient) -> None:
        needs = {"needs": (Need("bsl", "for Anneliese"),), "consents": (ConsentSubject.NEEDS,)}
        hidden = a_venue(is_confidential=True, name="Willow Refuge", address="1 Hidden Lane")
        booking = a_booking(an_event(venue_id=hidden.id), email=EMAIL, phone="01632 960111", **needs)
        online = {"delivery": Delivery.ONLINE, "join_url": "https://meet.example.org/secret"}
        a_booking(an_event(**online), email=EMAIL)
        text = client.get(address_of(booking)).data.replace(b"\r\n ", b"").decode()
        assert text.count("BEGIN:VEVENT") == 2
        secrets = ("Willow", "Hidden", "meet.example", "bsl", "Anneliese", "960111", "parent@", "Adult 1")
        for secret in (*secrets, booking_token(booking), "CONFERENCE", "VALARM"):
            assert secret not in text

    @pytest.mark.one_database
    def test_says_what_is_put_off(self, in_app: Flask, client: FlaskClient) -> None:
        booking = a_booking(event := an_event(title="Forum"), email=EMAIL)
        with transaction():
            postpone_session(event.id)
        (entry,) = entries(client, address_of(booking)).values()
        assert (str(entry["SUMMARY"]), str(entry["STATUS"])) == ("POSTPONED: Forum", "TENTATIVE")


class TestCaching:
    @pytest.mark.one_database
    def test_the_same_bytes_twice_and_then_304(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        address = address_of(a_booking(an_event(), email=EMAIL))
        first = client.get(address)
        summer.shift(timedelta(hours=3))
        assert client.get(address).data == first.data
        assert first.headers["Cache-Control"] == "private, max-age=900"
        assert first.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in first.headers
        assert "Cookie" not in first.headers.get("Vary", "")
        assert "Access-Control-Allow-Origin" not in first.headers
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        assert client.head(address).status_code == 200
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == first.data
        assert packed.headers["ETag"] != first.headers["ETag"]

    @pytest.mark.one_database
    @pytest.mark.parametrize("what", ["title", "cancelled", "moved", "session cancelled", "over", "new booking"])
    def test_a_change_shows_whichever_way_the_program_asks(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller, what: str
    ) -> None:
        booking = a_booking(event := an_event(), email=EMAIL)
        address = address_of(booking)
        before = client.get(address)
        summer.shift(timedelta(minutes=5))
        with transaction():
            if what == "title":
                change_title(booking.id, is_discreet=True)
            elif what == "cancelled":
                cancel_booking(booking.id, by=CancelledBy.FAMILY)
            elif what == "session cancelled":
                cancel_session(event.id, EventCancelReason.WEATHER)
            elif what == "moved":
                later = {"starts_at": event.starts_at + timedelta(days=1), "ends_at": event.ends_at + timedelta(days=1)}
                move_session(
                    event.id,
                    SessionPlan(title=event.title, delivery=event.delivery, venue_id=event.venue_id, **later),
                )
        if what == "over":
            summer.shift(timedelta(days=22))
        if what == "new booking":
            a_booking(an_event(), email=EMAIL)
        for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            after = client.get(address, headers={header: before.headers[name]})
            assert after.status_code == 200
            assert after.data != before.data


class TestTheAddressIsVoid:
    def test_once_the_family_stops_it(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            booking = a_booking(an_event(), email=EMAIL)
            address = address_of(booking)
        page = address.replace("/calendar/", "/calendars/").removesuffix(".ics")
        assert address in client.get(page).text
        stopped = send(client, page, to=f"{page}/stop")
        assert "This calendar has stopped" in stopped.text
        assert client.get(address).status_code == client.get(page).status_code == 404
        with app.app_context():
            again = address_of(db.session.get_one(Booking, booking.id))
        assert again != address
        assert client.get(again).status_code == 200

    @pytest.mark.one_database
    def test_once_the_family_has_another_email(self, in_app: Flask, client: FlaskClient) -> None:
        booking = a_booking(an_event(), email=EMAIL)
        address = address_of(booking)
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="new@example.net"))
        assert client.get(address).status_code == 404

    @pytest.mark.one_database
    def test_once_the_family_is_forgotten(self, in_app: Flask, client: FlaskClient) -> None:
        booking = a_booking(an_event(), email=EMAIL)
        address = address_of(booking)
        with transaction():
            forget_family(booking.family_id, screen="test")
        assert client.get(address).status_code == 404

    @pytest.mark.one_database
    def test_for_who_guesses_and_they_may_not_guess_for_long(self, app: Flask, client: FlaskClient) -> None:
        answers = [client.get(f"/calendar/mine/{'a' * 24}{number:02d}.ics").status_code for number in range(62)]
        assert answers[:60] == [404] * 60
        assert answers[-1] == 429


@pytest.mark.one_database
def test_looking_changes_nothing_and_no_log_holds_the_address(in_app: Flask, client: FlaskClient) -> None:
    booking = a_booking(event := an_event(), email=EMAIL)
    address = address_of(booking)
    for _each in range(2):
        client.get(address)
        client.get(address.replace("/calendar/", "/calendars/").removesuffix(".ics"))
    db.session.rollback()
    assert db.session.get_one(Event, event.id).changed_at <= clock.now()
    assert db.session.get_one(Family, booking.family_id).calendar_version == 0
    assert masked(f"GET {address} HTTP/1.1") == "GET /calendar/mine/….ics HTTP/1.1"
