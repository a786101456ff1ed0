"""Invitations, changes and cancellations as independent readers of calendars find them in the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
import vobject
from flask import Flask
from icalendar import Calendar

from booking import clock
from booking.extensions import db
from booking.formats.ical import VTIMEZONE, calendar_file
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.words import BookingMode, CancelledBy, ConsentSubject, Delivery
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.mail.deeds import cancel, change, move
from tests.mail.relay import Relay, calendar_of

pytestmark = pytest.mark.one_database


def ics_of(relay: Relay, number: int = -1) -> bytes:
    """Return the calendar object of one mail."""
    deliver_messages()
    ics = calendar_of(relay.mails[number])
    assert ics
    return ics


def by_icalendar(ics: bytes) -> dict[str, str]:
    """Read it with one library."""
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    return {
        "uid": str(event["UID"]),
        "sequence": str(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "start": clock.in_london(event["DTSTART"].dt).isoformat(),
        "end": clock.in_london(event["DTEND"].dt).isoformat(),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(event.get("ATTENDEE", "")),
        "summary": str(event["SUMMARY"]),
    }


def by_vobject(ics: bytes) -> dict[str, str]:
    """Read it with another, which takes the clock from our VTIMEZONE."""
    event = vobject.readOne(ics.decode()).vevent
    return {
        "uid": event.uid.value,
        "sequence": event.sequence.value,
        "status": event.status.value,
        "start": event.dtstart.value.isoformat(),
        "end": event.dtend.value.isoformat(),
        "organizer": event.organizer.value,
        "attendee": event.attendee.value if "attendee" in event.contents else "",
        "summary": event.summary.value,
    }


@pytest.fixture(params=[by_icalendar, by_vobject])
def read(request: pytest.FixtureRequest) -> Callable[[bytes], dict[str, str]]:
    reader: Callable[[bytes], dict[str, str]] = request.param
    return reader


class TestAnInvitation:
    def test_says_who_when_and_what(self, relay: Relay, read: Callable[[bytes], dict[str, str]]) -> None:
        booking = a_booking(an_event(title="Coffee morning; tea, cake"))
        assert read(ics_of(relay)) == {
            "uid": booking.ical_uid,
            "sequence": "0",
            "status": "CONFIRMED",
            "start": "2026-06-30T10:00:00+01:00",
            "end": "2026-06-30T12:00:00+01:00",
            "organizer": "mailto:bookings@pact.example.org",
            "attendee": f"mailto:{booking.email}",
            "summary": "Coffee morning; tea, cake",
        }

    @pytest.mark.parametrize(
        ("day", "hour", "expected"),
        [
            (datetime(2026, 10, 24, tzinfo=UTC), 10, "2026-10-24T10:00:00+01:00"),
            (datetime(2026, 10, 25, tzinfo=UTC), 10, "2026-10-25T10:00:00+00:00"),
            (datetime(2027, 3, 27, tzinfo=UTC), 10, "2027-03-27T10:00:00+00:00"),
            (datetime(2027, 3, 28, tzinfo=UTC), 10, "2027-03-28T10:00:00+01:00"),
        ],
    )
    def test_is_right_on_both_sides_of_a_clock_change(
        self,
        relay: Relay,
        read: Callable[[bytes], dict[str, str]],
        day: datetime,
        hour: int,
        expected: str,
    ) -> None:
        a_booking(an_event(starts_at=clock.london_time(day.date(), hour)))
        assert read(ics_of(relay))["start"] == expected

    def test_a_family_with_a_time_of_its_own_sees_that_time(
        self, relay: Relay, read: Callable[[bytes], dict[str, str]]
    ) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(event)[1]
        a_booking(event, slot_id=slot.id)
        assert read(ics_of(relay))["start"] == "2026-06-30T10:20:00+01:00"

    def test_has_one_private_event_and_no_alarm(self, relay: Relay) -> None:
        a_booking(an_event())
        ics = ics_of(relay).decode()
        assert ics.count("BEGIN:VEVENT") == 1
        assert ics.count("ATTENDEE") == 1
        assert ics.count("SEQUENCE:") == 1
        assert "CLASS:PRIVATE" in ics
        assert "X-MICROSOFT-DISALLOW-COUNTER:TRUE" in ics
        assert "GEO:51.146;0.868" in ics
        assert "VALARM" not in ics
        assert "CONFERENCE" not in ics

    def test_says_the_way_in(self, relay: Relay) -> None:
        a_booking(an_event(venue_id=a_venue(directions="The door is behind the library.").id))
        (event,) = Calendar.from_ical(ics_of(relay)).walk("VEVENT")
        assert "behind the library" in str(event["DESCRIPTION"])


class TestRevisions:
    def test_rise_with_every_change_and_keep_what_must_not_change(
        self, relay: Relay, read: Callable[[bytes], dict[str, str]]
    ) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        change(booking, room="Upstairs")
        deliver_messages()
        move(booking, days=1)
        deliver_messages()
        cancel(booking, CancelledBy.US)
        deliver_messages()
        read_all = [read(calendar_of(mail) or b"") for mail in relay.mails]
        assert [entry["sequence"] for entry in read_all] == ["0", "1", "2", "3"]
        assert [entry["status"] for entry in read_all] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        assert len({(entry["uid"], entry["organizer"], entry["attendee"], entry["summary"]) for entry in read_all}) == 1
        assert [entry["start"][:10] for entry in read_all] == ["2026-06-30", "2026-06-30", "2026-07-01", "2026-07-01"]

    def test_an_invitation_that_leaves_late_says_the_new_time_and_the_change_still_comes_after_it(
        self, relay: Relay, read: Callable[[bytes], dict[str, str]]
    ) -> None:
        booking = a_booking(an_event())
        move(booking, days=1)
        deliver_messages()
        first, second = (read(calendar_of(mail) or b"") for mail in relay.mails)
        assert (first["sequence"], first["start"][:10]) == ("0", "2026-07-01")
        assert (second["sequence"], second["start"][:10]) == ("1", "2026-07-01")

    def test_the_method_says_what_it_is(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        cancel(booking)
        deliver_messages()
        methods = [str(Calendar.from_ical(calendar_of(mail) or b"")["METHOD"]) for mail in relay.mails]
        assert methods == ["REQUEST", "CANCEL"]

    def test_a_new_booking_of_the_same_session_is_a_new_entry(self, relay: Relay) -> None:
        event = an_event()
        booking = a_booking(event, email="parent@example.net")
        cancel(booking)
        again = a_booking(event, email="parent@example.net")
        assert again.ical_uid != booking.ical_uid


class TestTheBytes:
    @pytest.fixture
    def every_ics(self, relay: Relay) -> list[bytes]:
        booking = a_booking(an_event(title="Forum für Łucja – " + "ë😀 " * 30, summary="One, two; three\\four " * 10))
        deliver_messages()
        move(booking, days=1)
        deliver_messages()
        file = calendar_file(db.session.get_one(Booking, booking.id))
        cancel(booking)
        deliver_messages()
        return [*(calendar_of(mail) or b"" for mail in relay.mails), file]

    def test_end_every_line_with_crlf(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            assert ics.endswith(b"\r\n")
            assert not re.search(rb"(?<!\r)\n|\r(?!\n)", ics)

    def test_hold_75_octets_a_line_at_most_and_cut_no_character(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            lines = ics.split(b"\r\n")
            assert max(map(len, lines)) <= 75
            for line in lines:
                line.decode()

    def test_name_the_method_before_the_first_component(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            assert ics.index(b"\r\nMETHOD:") < ics.index(b"BEGIN:VTIMEZONE") < ics.index(b"BEGIN:VEVENT")

    def test_carry_londons_clock_as_rules(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            assert ics.count(b"BEGIN:VTIMEZONE") == 1
            assert VTIMEZONE.encode() in ics


class TestTheCalendarFile:
    def test_publishes_and_names_nobody(self, in_app: Flask, read: Callable[[bytes], dict[str, str]]) -> None:
        booking = a_booking(an_event())
        ics = calendar_file(booking)
        assert read(ics)["uid"] == booking.ical_uid
        assert b"METHOD:PUBLISH" in ics
        assert b"ATTENDEE" not in ics
        assert b"parent" not in ics.replace(b"Parent and carer forum", b"")


class TestWhatMustStayOut:
    def test_the_way_to_a_confidential_place(self, relay: Relay) -> None:
        venue = a_venue(is_confidential=True, name="Willow Refuge", address="1 Hidden Lane", directions="Ring twice")
        a_booking(an_event(venue_id=venue.id, title="Forum for mothers in hiding"))
        ics = ics_of(relay).decode()
        for secret in ("Willow", "Hidden", "hiding", "Ring twice", "GEO", "APPLE"):
            assert secret not in ics
        assert "Ashford" in ics
        assert "Willow Refuge" in relay.raw[0].decode()

    def test_the_link_of_an_online_session(self, relay: Relay) -> None:
        a_booking(an_event(delivery=Delivery.ONLINE, join_url="https://meet.example.org/secret"))
        assert b"secret" not in ics_of(relay)
        assert b"https://meet.example.org/secret" in relay.raw[0]

    def test_the_link_to_the_booking_and_who_is_in_it(self, relay: Relay) -> None:
        from booking.formats.tokens import booking_token
        from booking.services.book_places import Need

        booking = a_booking(
            an_event(),
            needs=(Need("bsl", "for Anneliese"),),
            consents=(ConsentSubject.NEEDS,),
            phone="01632 960111",
        )
        ics = ics_of(relay).decode()
        for secret in (booking_token(booking), "Adult 1", "bsl", "BSL", "Anneliese", "960111"):
            assert secret not in ics

    def test_an_invitation_to_our_own_mailbox(self, relay: Relay) -> None:
        a_booking(an_event(), email="Bookings@pact.example.org")
        deliver_messages()
        assert calendar_of(relay.mails[0]) is None


def test_dtstamp_is_later_in_every_revision(relay: Relay, summer: time_machine.Traveller) -> None:
    booking = a_booking(an_event())
    deliver_messages()
    summer.shift(timedelta(seconds=2))
    move(booking, days=1)
    deliver_messages()
    first, second = (
        Calendar.from_ical(calendar_of(mail) or b"").walk("VEVENT")[0]["DTSTAMP"].dt for mail in relay.mails
    )
    assert first < second
