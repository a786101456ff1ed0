"""A session that was put off and gets no new date: its entry goes after 14 days, once; the new date brings another."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages
from booking.jobs.tick import tick
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, CancelledBy, ContactBy, MessageKind
from booking.services.cancel_booking import cancel_booking
from booking.services.change_contact import Contact, change_contact
from booking.services.change_title import change_title
from booking.services.move_session import move_session
from booking.services.postpone_session import postpone_session
from booking.services.save_session import SessionPlan
from booking.services.take_back_entries import put_off_too_long, take_back_entries
from tests.cast import a_booking, an_event
from tests.mail.deeds import outbox, statuses
from tests.mail.judges import Read, by_all
from tests.mail.relay import Relay, calendar_of, page_of, text_of

LATER = timedelta(days=14, minutes=1)


def put_off(event: Event) -> None:
    with transaction():
        postpone_session(event.id)


def give_date(event: Event, *, days: int) -> None:
    with transaction():
        plan = SessionPlan(
            title=event.title,
            delivery=event.delivery,
            starts_at=clock.london_time(clock.today() + timedelta(days=days), 10),
            ends_at=clock.london_time(clock.today() + timedelta(days=days), 12),
            venue_id=event.venue_id,
        )
        move_session(event.id, plan)


def entries(relay: Relay) -> list[Read]:
    """Return what the judges read in each calendar part that was sent."""
    return [by_all(ics) for mail in relay.mails if (ics := calendar_of(mail))]


def test_the_entry_goes_once_and_the_new_date_brings_another(
    in_app: Flask, relay: Relay, summer: time_machine.Traveller
) -> None:
    booking = a_booking(event := an_event(starts_at=clock.now() + timedelta(days=40)))
    first = booking.ical_uid
    tick()
    put_off(event)
    tick()
    summer.shift(LATER - timedelta(hours=1))
    tick()
    assert [(read.method, read.uid) for read in entries(relay)] == [("REQUEST", first)]

    summer.shift(timedelta(hours=2))
    tick()
    tick()
    *_, gone = entries(relay)
    assert (len(entries(relay)), gone.method, gone.uid, gone.sequence) == (2, "CANCEL", first, 1)
    text = text_of(relay.mails[-1])
    assert "we still do not know the new date" in text
    assert "Your place stays yours." in text
    assert "takes the old time out of your calendar" in text
    assert "The new date will bring a new entry." in page_of(relay.mails[-1])
    booking = db.session.get_one(Booking, booking.id)
    assert booking.status == BookingStatus.CONFIRMED

    give_date(event, days=30)
    tick()
    *_, new = entries(relay)
    assert (len(entries(relay)), new.method, new.sequence) == (3, "REQUEST", 0)
    assert new.uid == db.session.get_one(Booking, booking.id).ical_uid != first

    give_date(event, days=31)
    tick()
    assert (entries(relay)[-1].uid, entries(relay)[-1].sequence) == (new.uid, 1)


@pytest.mark.one_database
class TestTheOldEntryGoesFirst:
    def test_when_the_date_comes_before_the_mail_has_left(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(event := an_event(starts_at=clock.now() + timedelta(days=40)))
        first = booking.ical_uid
        deliver_messages()
        put_off(event)
        deliver_messages()
        summer.shift(LATER)
        with transaction():
            assert take_back_entries(event.id) == 1
        give_date(event, days=30)
        deliver_messages()
        assert [(read.method, read.uid == first) for read in entries(relay)[1:]] == [
            ("CANCEL", True),
            ("REQUEST", False),
        ]
        assert "not know" not in text_of(relay.mails[-2])
        assert relay.subjects[-2].startswith("Please do not come at the old time: ")
        assert "takes the old time out of your calendar" in text_of(relay.mails[-2])

    def test_when_the_family_cancels_before_the_mail_has_left(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(event := an_event(starts_at=clock.now() + timedelta(days=40)))
        first = booking.ical_uid
        deliver_messages()
        put_off(event)
        deliver_messages()
        summer.shift(LATER)
        with transaction():
            take_back_entries(event.id)
        with transaction():
            cancel_booking(booking.id, by=CancelledBy.FAMILY)
        deliver_messages()
        assert [(read.method, read.uid) for read in entries(relay)[1:]] == [("CANCEL", first)]
        assert outbox()[-1].kind == MessageKind.CANCELLED_BY_FAMILY


@pytest.mark.one_database
class TestNothingIsTakenBack:
    def test_from_who_waits_or_has_no_email(self, in_app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1, starts_at=clock.now() + timedelta(days=40))
        a_booking(event, email=None, phone="01632 960111", contact_by=ContactBy.PHONE)
        a_booking(event)
        put_off(event)
        summer.shift(LATER)
        assert put_off_too_long() == []
        tick()
        assert entries(relay) == []

    def test_when_the_session_has_its_date_again(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        a_booking(event := an_event(starts_at=clock.now() + timedelta(days=40)))
        deliver_messages()
        put_off(event)
        give_date(event, days=50)
        summer.shift(LATER)
        tick()
        assert {read.method for read in entries(relay)} == {"REQUEST"}


@pytest.mark.one_database
class TestWhileASessionIsPutOff:
    def test_no_file_puts_the_old_date_into_a_calendar(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            booking = a_booking(event := an_event())
            put_off(event)
            page = f"/bookings/{booking_token(booking)}"
        assert client.get(f"{page}/calendar.ics").status_code == 404
        assert "calendar.ics" not in client.get(page).text

    def test_another_title_waits_for_the_new_date(self, in_app: Flask, relay: Relay) -> None:
        booking = a_booking(event := an_event(title="Autism: sleep"))
        deliver_messages()
        put_off(event)
        with transaction():
            change_title(booking.id, is_discreet=True)
        give_date(event, days=20)
        deliver_messages()
        assert [read.method for read in entries(relay)] == ["REQUEST", "REQUEST"]
        assert "Autism" not in entries(relay)[-1].summary

    def test_another_address_hears_that_it_is_put_off_and_gets_its_first_entry_with_the_date(
        self, in_app: Flask, relay: Relay
    ) -> None:
        booking = a_booking(event := an_event(), email="old@example.net")
        deliver_messages()
        put_off(event)
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="new@example.net"))
        deliver_messages()
        assert "put this session off" in text_of(relay.mails[-1])
        give_date(event, days=20)
        deliver_messages()
        new = [read for read in entries(relay) if read.attendees == ("mailto:new@example.net",)]
        assert [(read.method, read.sequence) for read in new] == [("REQUEST", 0)]
        assert statuses()[-1] == "changed: sent"
