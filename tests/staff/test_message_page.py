"""One message's history for staff, and "send it again"."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, NotFound
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import AuditEntry, Booking, Event, Message
from booking.rules.words import Channel, MessageKind, MessageStatus, StaffRole
from booking.services.note_receipt import note_receipt
from booking.services.notify import as_it_is, notify, tell_link, tell_postponed
from booking.services.send_again import send_again, why_not_again
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.mail.deeds import cancel, change, outbox, statuses
from tests.mail.relay import Relay, calendar_of
from tests.staff.browse import forms_of


def again(number: int) -> Message:
    """Send the message of this place in the outbox again, and return the new one."""
    with transaction():
        number = send_again(outbox()[number].id).id
    return db.session.get_one(Message, number)


def refused(number: int) -> str:
    """Return why a message is not sent again."""
    with pytest.raises(Conflict) as refusal, transaction():
        send_again(outbox()[number].id)
    return refusal.value.sentence


class TestTheInvitation:
    @pytest.mark.one_database
    def test_is_the_same_entry_under_a_newer_stamp_and_another_message_id(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        a_booking(an_event())
        deliver_messages()
        summer.shift(timedelta(hours=1))
        again(0)
        assert deliver_messages().sent == 1
        first, second = (_entry(raw) for raw in relay.mails)
        for same in ("uid", "sequence", "dtstart", "dtend", "organizer", "attendee", "status", "created"):
            assert first[same] == second[same], same
        assert second["dtstamp"].dt - first["dtstamp"].dt >= timedelta(hours=1)
        assert relay.mails[0]["Message-ID"] != relay.mails[1]["Message-ID"]
        assert relay.mails[1]["In-Reply-To"] == relay.mails[0]["Message-ID"]
        assert outbox()[1].kind == MessageKind.CONFIRMED

    @pytest.mark.one_database
    def test_has_the_revision_and_the_time_of_today_after_a_change(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        change(booking, room="Upstairs")
        deliver_messages()
        summer.shift(timedelta(minutes=5))
        again(0)
        deliver_messages()
        changed, sent_again = (_entry(mail) for mail in relay.mails[1:])
        assert changed["sequence"] == sent_again["sequence"] == 1
        assert sent_again["dtstamp"].dt > changed["dtstamp"].dt
        db.session.rollback()
        assert db.session.get_one(Booking, booking.id, populate_existing=True).ical_sequence == 1

    def test_pressed_twice_is_sent_once(self, relay: Relay) -> None:
        a_booking(an_event())
        deliver_messages()
        assert again(0).id == again(0).id
        deliver_messages()
        assert len(relay.raw) == 2

    @pytest.mark.one_database
    def test_is_written_into_the_audit(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        again(0)
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sent again")).one()
        assert (entry.subject_type, entry.subject_id) == ("booking", booking.id)

    @pytest.mark.one_database
    def test_of_a_failed_one_leaves(self, relay: Relay) -> None:
        relay.rcpt.append("550 5.1.1 no such person")
        a_booking(an_event())
        deliver_messages()
        again(0)
        deliver_messages()
        assert statuses() == ["confirmed: failed", "confirmed: sent"]

    @pytest.mark.one_database
    def test_texts_nobody(self, relay: Relay) -> None:
        a_booking(an_event(), phone="07700 900982", may_text=True)
        deliver_messages()
        again(0)
        assert {message.channel for message in outbox()} == {Channel.EMAIL}


class TestIsRefused:
    @pytest.mark.one_database
    def test_for_a_reminder(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        with transaction():
            row = notify(db.session.get_one(Booking, booking.id), MessageKind.REMINDER_3_DAYS, dedupe="reminder:test")
            assert row
            row.status = MessageStatus.SENT
        assert "this kind" in refused(1)

    @pytest.mark.one_database
    def test_while_it_is_on_its_way(self, in_app: Flask) -> None:
        a_booking(an_event())
        assert "on its way" in refused(0)

    @pytest.mark.one_database
    def test_after_the_booking_was_cancelled(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        cancel(booking)
        deliver_messages()
        assert "not true any more" in refused(0)
        assert again(1).kind == MessageKind.CANCELLED_BY_FAMILY

    @pytest.mark.one_database
    def test_for_a_change_after_which_came_another(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        for room in ("Upstairs", "Downstairs"):
            change(booking, room=room)
            deliver_messages()
        assert "not true any more" in refused(1)
        assert again(2).kind == MessageKind.CHANGED
        deliver_messages()
        assert again(2).kind == MessageKind.CHANGED, "its own copy does not make it untrue"

    def test_once_the_session_has_begun(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        summer.move_to(booking.starts_at + timedelta(minutes=1))
        assert "begun" in refused(0)

    @pytest.mark.one_database
    def test_for_an_address_the_family_has_left(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            db.session.get_one(Booking, booking.id).email = "other@example.net"
        assert "another contact" in refused(0)

    def test_for_a_new_date_that_is_known(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            event = db.session.get_one(Event, booking.event_id)
            event.new_date_pending = True
            tell_postponed(db.session.get_one(Booking, booking.id), as_it_is(event))
        deliver_messages()
        assert again(1).kind == MessageKind.POSTPONED
        with transaction():
            db.session.get_one(Event, booking.event_id).new_date_pending = False
        assert "not true any more" in refused(1)

    @pytest.mark.one_database
    def test_for_a_family_of_the_demonstration_where_mail_leaves_the_machine(self, in_app: Flask, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            family = db.session.get_one(Booking, booking.id).family
            assert family
            family.is_demo = True
        server = in_app.config["MAIL_SERVER"]
        in_app.config["MAIL_SERVER"] = "smtp.example.org"
        try:
            assert "demonstration" in refused(0)
        finally:
            in_app.config["MAIL_SERVER"] = server
        assert why_not_again(outbox()[0]) == ""

    @pytest.mark.one_database
    def test_for_what_is_not_there(self, in_app: Flask) -> None:
        with pytest.raises(NotFound), transaction():
            send_again(4711)


@pytest.mark.one_database
def test_a_link_is_good_for_another_day(relay: Relay, summer: time_machine.Traveller) -> None:
    booking = a_booking(an_event())
    with transaction():
        tell_link(db.session.get_one(Booking, booking.id))
    deliver_messages()
    summer.shift(timedelta(days=2))
    assert (again(1).not_after or clock.now()) > clock.now() + timedelta(hours=23)
    assert deliver_messages().sent == 1


class TestThePage:
    def test_tells_how_it_fared_and_sends_it_again_in_one_tap(
        self, app: Flask, relay: Relay, organiser: FlaskClient
    ) -> None:
        a_booking(an_event(), email="parent@example.net", phone="01632 960111")
        deliver_messages()
        number = outbox()[0].id
        db.session.remove()
        page = organiser.get(f"/staff/messages/{number}")
        text = page.get_data(as_text=True)
        for shown in ("Written", "1 try", "First handed to the mail server", "Taken by the mail server"):
            assert shown in text
        assert "Ring this family" not in text
        (form,) = [action for action in forms_of(page) if action.endswith("/again")]
        answer = organiser.post(form, data=forms_of(page)[form])
        assert answer.status_code == 303
        assert answer.location == f"/staff/messages/{number + 1}"
        assert "It is still on its way." in organiser.get(answer.location).get_data(as_text=True)

    def test_says_whom_to_ring(self, app: Flask, relay: Relay, organiser: FlaskClient) -> None:
        relay.rcpt.append("550 5.1.1 no such person")
        event = an_event()
        a_booking(event, phone="01632 960111")
        a_booking(event, phone="01632 960222")
        deliver_messages()
        with transaction():
            came_back = outbox()[1]
            came_back = db.session.merge(came_back)
            came_back.bounced_at, came_back.bounce_code = clock.now(), "5.1.1"
        first, second = (message.id for message in outbox())
        event_id = event.id
        db.session.remove()
        assert "01632960111" in organiser.get(f"/staff/messages/{first}").get_data(as_text=True)
        page = organiser.get(f"/staff/messages/{second}").get_data(as_text=True)
        assert "01632960222" in page
        assert "Came back 5.1.1" in page
        every = organiser.get("/staff/messages").get_data(as_text=True)
        assert every.count("ing this family") == 2
        assert f"/staff/messages/{second}" in every
        assert f"/staff/messages/{second}" in organiser.get(f"/staff/sessions/{event_id}").get_data(as_text=True)

    def test_says_what_became_of_a_text(self, app: Flask, relay: Relay, organiser: FlaskClient) -> None:
        a_booking(an_event(), phone="07700 900982")
        with transaction():
            (text,) = (db.session.merge(row) for row in outbox())
            text.channel, text.status = Channel.TEXT, MessageStatus.SENT
            text.data_started_at = text.sent_at = clock.now()
            db.session.flush()
            assert note_receipt(text.message_id, "permanent-failure", carrier_id=None)
        number = outbox()[0].id
        db.session.remove()
        page = organiser.get(f"/staff/messages/{number}").get_data(as_text=True)
        assert "Receipt: permanent failure" in page
        assert "Not delivered" in page
        assert "Not delivered: ring this family" in organiser.get("/staff/messages").get_data(as_text=True)

    @pytest.mark.one_database
    def test_shows_neither_words_nor_secrets(self, app: Flask, relay: Relay, organiser: FlaskClient) -> None:
        relay.data.append("451 not now")
        a_booking(an_event())
        deliver_messages()
        (message,) = outbox()
        assert message.rendered
        uid, number = (message.facts or {})["uid"], message.id
        db.session.remove()
        text = organiser.get(f"/staff/messages/{number}").get_data(as_text=True)
        assert "Next try" in text
        assert "not now (451)" in text
        for secret in ("/bookings/", uid, "BEGIN:VCALENDAR", message.message_id):
            assert secret not in text

    @pytest.mark.one_database
    def test_is_for_those_who_may_see_messages(self, app: Flask, client: FlaskClient, relay: Relay) -> None:
        a_booking(an_event())
        deliver_messages()
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        number = outbox()[0].id
        db.session.remove()
        assert client.get(f"/staff/messages/{number}").status_code == 403
        assert client.post(f"/staff/messages/{number}/again").status_code in (400, 403)
        with app.app_context():
            assert len(outbox()) == 1

    @pytest.mark.one_database
    def test_is_not_there_for_another_number(self, app: Flask, organiser: FlaskClient) -> None:
        assert organiser.get("/staff/messages/4711").status_code == 404


def _entry(mail):  # type: ignore[no-untyped-def]
    ics = calendar_of(mail)
    assert ics
    (entry,) = Calendar.from_ical(ics).walk("VEVENT")
    return entry
