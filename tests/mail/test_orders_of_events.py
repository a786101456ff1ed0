"""What families are told when one thing follows another before the mails have left, or in an order nobody planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from icalendar import Event as VEvent

from booking import clock
from booking.extensions import db, transaction
from booking.formats.ical import calendar_file
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.words import BookingStatus, CancelledBy, ContactBy, EventCancelReason
from booking.services.cancel_session import cancel_session
from booking.services.change_contact import Contact, change_contact
from booking.services.change_title import change_title
from booking.services.move_session import move_session
from booking.services.move_waitlist import accept_offer, move_waitlist
from booking.services.postpone_session import postpone_session
from booking.services.send_again import send_again
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, change, move, outbox, statuses
from tests.mail.relay import Relay, calendar_of, text_of
from tests.mail.test_sessions_that_change import entries, later


def last_to(relay: Relay, booking: Booking) -> tuple[str, str]:
    """Return the subject and the text of the last mail that this family got."""
    mail = [mail for mail in relay.mails if mail["To"] == booking.email][-1]
    return str(mail["Subject"]), text_of(mail)


def put_off(booking: Booking) -> None:
    with transaction():
        postpone_session(booking.event_id)


class TestWhatWaitsToLeave:
    def test_lets_a_cancellation_go_as_soon_as_the_relay_is_back(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        move(booking, days=1)
        for minutes in (0, 2, 10, 30):
            summer.shift(timedelta(minutes=minutes))
            relay.rcpt.append("450 later")
            deliver_messages()
        cancel(booking, CancelledBy.US)
        deliver_messages()
        assert statuses() == ["confirmed: sent", "changed: stale", "cancelled_by_us: sent"]

    def test_is_tried_again_when_something_follows_it(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        relay.rcpt.append("450 later")
        deliver_messages()
        move(booking, days=1)
        deliver_messages()
        deliver_messages()
        assert [subject.partition(":")[0] for subject in relay.subjects] == ["Booked", "Changed"]


class TestACancellation:
    def test_names_the_time_that_the_family_knows(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        move(booking, days=7)
        cancel(booking, CancelledBy.US)
        deliver_messages()
        subject, said = last_to(relay, booking)
        assert subject.startswith("Cancelled:")
        assert "Tue 30 June" in subject
        assert "7 July" not in subject + said
        assert entries(relay)[-1] == ("CANCEL", booking.ical_uid, 2, "2026-06-30T10:00")

    def test_of_a_session_that_was_moved_and_put_off_names_it_too(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        move(booking, days=7)
        put_off(booking)
        with transaction():
            cancel_session(booking.event_id, EventCancelReason.WEATHER)
        deliver_messages()
        assert len(relay.subjects) == 2, "what was overtaken is not said"
        assert "Tue 30 June" in relay.subjects[-1]


class TestASessionThatIsPutOff:
    def test_right_after_a_move_is_told_once_with_the_time_that_the_family_knows(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        move(booking, days=7)
        put_off(booking)
        deliver_messages()
        assert len(relay.subjects) == 2
        subject, said = last_to(relay, booking)
        assert subject.startswith("Put off:")
        assert subject.endswith("please do not come on Tue 30 June, 10am")
        assert "7 July" not in said

    def test_never_names_the_day_that_is_off_as_the_day_to_come(self, relay: Relay) -> None:
        event = an_event(capacity=1)
        first, second = a_booking(event), a_booking(event)
        cancel(first)
        with transaction():
            move_waitlist(db.session.get_one(type(event), event.id))
        deliver_messages()
        put_off(second)
        with transaction():
            assert accept_offer(second.id).status == BookingStatus.CONFIRMED
        deliver_messages()
        deliver_messages()
        subject, said = last_to(relay, second)
        assert subject.startswith("Booked:")
        assert subject.endswith("no new date yet")
        assert "You have a place" in said
        assert "Please do not come at the old time." in said
        assert "Old time: Tuesday 30 June 2026" in said
        assert "When:" not in said
        assert "look forward" not in said

    def test_brings_an_entry_with_its_new_date_and_takes_none_back_before(self, relay: Relay) -> None:
        event = an_event(capacity=1)
        first, second = a_booking(event), a_booking(event)
        cancel(first)
        deliver_messages()
        put_off(second)
        with transaction():
            accept_offer(second.id)
        with transaction():
            move_session(event.id, later(event, days=21))
        deliver_messages()
        deliver_messages()
        mine = [entry for entry in entries(relay) if entry[1] == second.ical_uid]
        assert mine == [("REQUEST", second.ical_uid, 0, "2026-07-21T10:00")]

    def test_is_told_with_another_place_without_the_old_day(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        put_off(booking)
        deliver_messages()
        change(booking, room="Upstairs")
        deliver_messages()
        subject, said = last_to(relay, booking)
        assert subject.endswith("no new date yet")
        assert "New time: not known yet" in said
        assert "Upstairs" in said


class TestTheEntry:
    def test_has_a_later_stamp_each_time_even_within_one_second(self, in_app: Flask, relay: Relay) -> None:
        booking = a_booking(an_event())
        with time_machine.travel(clock.now(), tick=False):
            for days in (1, 1, 1):
                deliver_messages()
                move(booking, days=days)
            cancel(booking)
            deliver_messages()
        events = revisions(relay)
        assert len(events) == 4
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            stamps = [event[name].dt for event in events]
            assert stamps == sorted(set(stamps))

    def test_says_that_it_was_modified_when_its_title_was(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        summer.shift(timedelta(hours=3))
        with transaction():
            change_title(booking.id, is_discreet=True)
        deliver_messages()
        first, second = revisions(relay)
        assert second["LAST-MODIFIED"].dt - first["LAST-MODIFIED"].dt > timedelta(hours=2)

    def test_sent_again_is_the_same_with_a_later_stamp(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            send_again(outbox()[0].id)
        deliver_messages()
        first, again = revisions(relay)
        assert first["SEQUENCE"] == again["SEQUENCE"]
        assert first["DTSTAMP"].dt < again["DTSTAMP"].dt
        assert booking.ical_uid == str(again["UID"])

    def test_keeps_the_spelling_of_its_address(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="Pat.Smith@Example.net", phone="01632 960111")
        deliver_messages()
        contact = Contact(contact_by=ContactBy.EMAIL, email="pat.smith@example.net", phone="01632 960222")
        with transaction():
            change_contact(booking.id, contact)
        move(booking, days=1)
        deliver_messages()
        assert {str(event["ATTENDEE"]) for event in revisions(relay)} == {"mailto:Pat.Smith@Example.net"}

    @pytest.mark.one_database
    def test_on_the_booking_page_is_the_same_file_each_time(
        self, in_app: Flask, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event())
        once = calendar_file(booking)
        summer.shift(timedelta(hours=1))
        assert calendar_file(booking) == once


def test_mails_of_a_booking_stay_together_from_the_waiting_list_on(relay: Relay) -> None:
    event = an_event(capacity=1)
    first, second = a_booking(event), a_booking(event)
    deliver_messages()
    cancel(first)
    deliver_messages()
    with transaction():
        accept_offer(second.id)
    deliver_messages()
    waiting, *rest = [mail for mail in relay.mails if mail["To"] == second.email]
    assert [str(mail["Subject"]).partition(":")[0] for mail in rest] == ["A place for you", "Booked"]
    assert {mail["In-Reply-To"] for mail in rest} == {waiting["Message-ID"]}


def test_a_family_that_asked_for_a_discreet_title_has_it_in_subjects_too(relay: Relay) -> None:
    booking = a_booking(an_event(title="Autism: sleep"))
    with transaction():
        change_title(booking.id, is_discreet=True)
    deliver_messages()
    move(booking, days=1)
    deliver_messages()
    cancel(booking)
    deliver_messages()
    told = relay.subjects[1:]
    assert len(told) >= 2
    assert all("Kent PACT booking" in subject for subject in told)
    assert "Autism" not in "".join(told)
    assert "Autism: sleep" in last_to(relay, booking)[1]


def revisions(relay: Relay) -> list[VEvent]:
    """Return every calendar entry sent, in order."""
    found = [ics for mail in relay.mails if (ics := calendar_of(mail))]
    return [event for ics in found for event in Calendar.from_ical(ics).walk("VEVENT")]
