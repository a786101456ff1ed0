"""J7: how to join online is told to who has a place, in mails and on its own page, and nowhere else, ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages, tick
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, Delivery
from booking.services.move_session import move_session
from booking.services.save_session import SessionPlan
from tests.cast import a_booking, a_course, a_venue, an_event
from tests.guards.crawl import crawl
from tests.mail.relay import Relay, calendar_of, text_of
from tests.public.family import Family

LINK = "https://meet.example.org/room-7f3k"
DIAL = "01632 960 123, code 4455#"
SECRETS = ("room-7f3k", "960 123", "4455#")


@pytest.fixture(params=[Delivery.ONLINE, Delivery.HYBRID])
def event(request: pytest.FixtureRequest, in_app: Flask) -> Event:
    """A session with a link and a number to join with, full after one family."""
    return an_event(delivery=request.param, join_url=LINK, dial_in=DIAL, capacity=1)


def mail_for(relay: Relay, booking: Booking) -> EmailMessage:
    """Return the last mail to a family."""
    return [mail for mail in relay.mails if mail["To"] == booking.email][-1]


def holds_secrets(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


def plan_of(event: Event) -> SessionPlan:
    names = ("title", "delivery", "starts_at", "ends_at", "venue_id", "room", "join_url", "dial_in")
    return SessionPlan(**{name: getattr(event, name) for name in names})


def moved(event: Event, **values: object) -> None:
    plan, event_id = replace(plan_of(event), **values), event.id  # type: ignore[arg-type]
    with transaction():
        move_session(event_id, plan)


class TestNowhereElse:
    def test_no_public_page_feed_or_file_has_it(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            for delivery in (Delivery.ONLINE, Delivery.HYBRID):
                a_course(dates=2, delivery=delivery, join_url=LINK, dial_in=DIAL)
                if delivery == Delivery.HYBRID:
                    an_event(delivery=delivery, join_url=LINK, dial_in=DIAL, venue_id=a_venue(is_confidential=True).id)
        starts = [
            "/",
            "/sessions",
            "/calendar.ics",
            "/feed.atom",
            "/embed",
            "/api/v1/sessions",
            "/calendar/ashford.ics",
        ]
        visits = list(crawl(app, client, starts, per_endpoint=9))
        seen = {visit.path for visit in visits if visit.response.status_code == 200}
        assert {*starts} <= seen
        assert any(path.startswith("/courses/") for path in seen)
        assert sum(path.startswith("/sessions/") for path in seen) >= 5
        assert [visit.path for visit in visits if holds_secrets(visit.response.text)] == []

    def test_no_calendar_file_of_a_family_has_it(self, event: Event, relay: Relay, client: FlaskClient) -> None:
        booking = a_booking(event)
        token = booking_token(booking)
        moved(event, starts_at=event.starts_at + timedelta(hours=1), ends_at=event.ends_at + timedelta(hours=1))
        deliver_messages()
        files = [ics for mail in relay.mails if (ics := calendar_of(mail))]
        files.append(Family(client).get(f"/bookings/{token}/calendar.ics").data)
        assert len(files) >= 2
        assert not any(holds_secrets(ics.decode().replace("\r\n ", "")) for ics in files)

    def test_who_waits_or_has_cancelled_does_not_get_it(self, event: Event, relay: Relay, client: FlaskClient) -> None:
        a_booking(event)
        waiting = a_booking(event)
        assert waiting.status == BookingStatus.WAITING
        deliver_messages()
        assert not holds_secrets(text_of(mail_for(relay, waiting)))
        assert not holds_secrets(Family(client).get(f"/bookings/{booking_token(waiting)}").text)


class TestTheFamily:
    def test_gets_it_by_mail_and_on_its_page(self, event: Event, relay: Relay, client: FlaskClient) -> None:
        booking = a_booking(event)
        deliver_messages()
        assert LINK in text_of(mail_for(relay, booking))
        assert DIAL in text_of(mail_for(relay, booking))
        page = Family(client).get(f"/bookings/{booking_token(booking)}").text
        assert f'href="{LINK}"' in page
        assert "You can join online now" not in page

    def test_gets_it_again_with_the_reminder(self, event: Event, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(event)
        deliver_messages()
        summer.move_to(clock.in_london(event.starts_at) - timedelta(days=1))
        tick()
        assert "Tomorrow" in relay.subjects[-1]
        assert LINK in text_of(mail_for(relay, booking))

    @pytest.mark.parametrize(("minutes", "is_shown"), [(-16, False), (-14, True), (0, True), (119, True), (121, False)])
    def test_sees_it_in_large_letters_when_it_is_time(
        self, event: Event, client: FlaskClient, summer: time_machine.Traveller, minutes: int, is_shown: bool
    ) -> None:
        token = booking_token(a_booking(event))
        summer.move_to(event.starts_at + timedelta(minutes=minutes))
        page = Family(client).get(f"/bookings/{token}").text
        assert ("You can join online now" in page) == is_shown
        assert (LINK in page) == (minutes < 120)

    def test_is_asked_nothing_more_and_told_both_ways(self, client: FlaskClient, app: Flask) -> None:
        with app.app_context():
            slug = an_event(delivery=Delivery.HYBRID, join_url=LINK).slug
        assert "You can also join online." in Family(client).get(f"/sessions/{slug}").text


class TestANewLink:
    def test_is_told_to_who_has_a_place_and_to_nobody_else(
        self, event: Event, relay: Relay, client: FlaskClient
    ) -> None:
        booking, waiting = a_booking(event), a_booking(event)
        deliver_messages()
        before = len(relay.mails)
        moved(event, join_url="https://meet.example.org/new-room")
        deliver_messages()
        [mail] = relay.mails[before:]
        assert mail["To"] == booking.email != waiting.email
        assert "The way to join online is new." in text_of(mail)
        assert "https://meet.example.org/new-room" in text_of(mail)
        assert not holds_secrets(text_of(mail).replace(DIAL, ""))
        assert b"SEQUENCE:1" in (calendar_of(mail) or b"")

    def test_is_not_spoken_of_when_only_the_time_is_new(self, event: Event, relay: Relay) -> None:
        booking = a_booking(event)
        deliver_messages()
        moved(event, starts_at=event.starts_at + timedelta(hours=1), ends_at=event.ends_at + timedelta(hours=1))
        deliver_messages()
        assert "The way to join online is new." not in text_of(mail_for(relay, booking))

    def test_of_a_session_put_online_tells_the_place_is_new_too(self, in_app: Flask, relay: Relay) -> None:
        event = an_event()
        booking = a_booking(event)
        deliver_messages()
        moved(event, delivery=Delivery.ONLINE, join_url=LINK)
        deliver_messages()
        text = text_of(mail_for(relay, booking))
        assert "New place: Online" in text
        assert LINK in text
        assert db.session.get_one(Booking, booking.id).ical_sequence == 1
