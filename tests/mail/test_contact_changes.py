"""A new address gets a new calendar entry, the old address loses its own; a title changes in place."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.words import BookingMode, ContactBy
from booking.services.change_contact import Contact, change_contact
from booking.services.change_time import change_time
from booking.services.change_title import change_title
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.mail.deeds import cancel, move
from tests.mail.relay import Relay, calendar_of, page_of, text_of

pytestmark = pytest.mark.one_database


def to_new_address(booking: Booking, email: str | None = "new@example.net") -> None:
    with transaction():
        by = ContactBy.EMAIL if email else ContactBy.PHONE
        change_contact(booking.id, Contact(contact_by=by, email=email, phone=None if email else "01632 960001"))


def now(booking: Booking) -> Booking:
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def entries(relay: Relay) -> list[tuple[str, str, str, str, int]]:
    """Return what each mail does to a calendar: to whom, how, which entry, how it stands, which revision."""
    found = []
    for mail in relay.mails:
        ics = calendar_of(mail)
        if ics is None:
            found.append((str(mail["To"]), "", "", "", 0))
            continue
        calendar = Calendar.from_ical(ics)
        (event,) = calendar.walk("VEVENT")
        said = (str(calendar["METHOD"]), str(event["UID"]), str(event["STATUS"]), int(event["SEQUENCE"]))
        found.append((str(mail["To"]), *said))
    return found


class TestAnotherAddress:
    def test_takes_the_entry_from_the_old_one_and_brings_a_new_one(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        uid = booking.ical_uid
        deliver_messages()
        to_new_address(booking)
        deliver_messages()
        fresh = now(booking).ical_uid
        assert sorted(entries(relay)[1:]) == sorted(
            [
                ("old@example.net", "CANCEL", uid, "CANCELLED", 1),
                ("new@example.net", "REQUEST", fresh, "CONFIRMED", 0),
            ]
        )

    def test_leads_from_the_new_one_alone_to_the_booking(self, relay: Relay) -> None:
        booking = a_booking(an_event(title="Autism forum"), email="old@example.net")
        deliver_messages()
        to_new_address(booking)
        deliver_messages()
        old = next(mail for mail in relay.mails[1:] if mail["To"] == "old@example.net")
        new = next(mail for mail in relay.mails[1:] if mail["To"] == "new@example.net")
        assert booking_token(now(booking)) in text_of(new)
        for words in (text_of(old), page_of(old), str(old["Subject"])):
            for secret in ("/bookings/", "Autism", "new@example.net", booking.reference):
                assert secret not in words

    def test_that_never_had_an_invitation_gets_none_taken_back(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        to_new_address(booking)
        deliver_messages()
        assert sorted((to, method) for to, method, *_rest in entries(relay)) == [
            ("new@example.net", "REQUEST"),
            ("old@example.net", ""),
        ]

    def test_has_changes_and_the_cancellation_of_its_own_entry(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        deliver_messages()
        to_new_address(booking)
        deliver_messages()
        fresh = now(booking).ical_uid
        move(now(booking), days=1)
        deliver_messages()
        cancel(now(booking))
        deliver_messages()
        assert entries(relay)[-2:] == [
            ("new@example.net", "REQUEST", fresh, "CONFIRMED", 1),
            ("new@example.net", "CANCEL", fresh, "CANCELLED", 2),
        ]

    def test_given_back_again_cancels_only_the_entry_it_has(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        deliver_messages()
        to_new_address(booking)
        deliver_messages()
        to_new_address(booking, "old@example.net")
        deliver_messages()
        last = now(booking).ical_uid
        assert ("old@example.net", "REQUEST", last, "CONFIRMED", 0) in entries(relay)[-2:]
        cancel(now(booking))
        deliver_messages()
        assert entries(relay)[-1] == ("old@example.net", "CANCEL", last, "CANCELLED", 1)

    def test_none_at_all_takes_the_entry_away_and_writes_no_more(self, relay: Relay) -> None:
        booking = a_booking(an_event(), email="old@example.net")
        deliver_messages()
        to_new_address(booking, None)
        move(now(booking), days=1)
        deliver_messages()
        assert [(to, method) for to, method, *_rest in entries(relay)[1:]] == [("old@example.net", "CANCEL")]


class TestTheTitle:
    def test_changes_in_place_and_says_nothing_any_more(self, relay: Relay) -> None:
        booking = a_booking(an_event(title="Autism forum", summary="About autism", venue_id=a_venue().id))
        deliver_messages()
        with transaction():
            change_title(booking.id, is_discreet=True)
        deliver_messages()
        cancel(now(booking))
        deliver_messages()
        plain, discreet, gone = (calendar_of(mail) or b"" for mail in relay.mails)
        (before,), (after,), (end,) = (Calendar.from_ical(ics).walk("VEVENT") for ics in (plain, discreet, gone))
        assert str(before["UID"]) == str(after["UID"]) == str(end["UID"])
        assert [int(each["SEQUENCE"]) for each in (before, after, end)] == [0, 1, 2]
        assert str(after["SUMMARY"]) == str(end["SUMMARY"]) == "Kent PACT booking"
        assert b"utism" not in discreet.replace(b"\r\n ", b"") + gone.replace(b"\r\n ", b"")
        assert booking.event.slug.encode() not in discreet.replace(b"\r\n ", b"")
        assert "Kent PACT booking" in str(relay.mails[1]["Subject"])

    def test_chosen_before_the_invitation_leaves_comes_with_it(self, relay: Relay) -> None:
        booking = a_booking(an_event(title="Autism forum"))
        with transaction():
            change_title(booking.id, is_discreet=True)
        deliver_messages()
        (mail,) = relay.mails
        assert b"SUMMARY:Kent PACT booking" in (calendar_of(mail) or b"")


class TestTheTime:
    def test_moves_the_entry_with_words_that_say_who_asked(self, relay: Relay) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS, capacity=None)
        slots = slots_for(event)
        booking = a_booking(event, slot_id=slots[0].id)
        deliver_messages()
        with transaction():
            change_time(booking.id, slots[2].id)
        deliver_messages()
        last = relay.mails[-1]
        (entry,) = Calendar.from_ical(calendar_of(last) or b"").walk("VEVENT")
        assert int(entry["SEQUENCE"]) == 1
        assert entry["DTSTART"].dt.isoformat() == "2026-06-30T10:40:00+01:00"
        assert "You asked for another time" in text_of(last)
        assert "10:40am to 11am" in text_of(last)
        assert "10am to 10:20am" in text_of(last)
