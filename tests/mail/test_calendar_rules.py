"""The calendar object, rule by rule, whatever staff type: judged by programs that share no code with us."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking import clock
from booking.extensions import db, transaction
from booking.formats.ical import VTIMEZONE, calendar_file, cancellation, invitation
from booking.jobs import deliver_messages
from booking.models import Booking, Event, Venue
from booking.rules.words import BookingMode, BookingStatus, ConsentSubject, Delivery, EventKind, EventStatus
from booking.services.ask_needs import Need
from booking.services.change_title import change_title
from booking.services.save_session import SessionDetails, save_session
from tests.cast import a_booking, a_venue, an_event
from tests.mail.deeds import cancel, change, move, outbox
from tests.mail.judges import by_all, by_ical_js, by_icalendar, by_node_ical, by_vobject, faults_libical_finds
from tests.mail.relay import Relay, as_mail, calendar_of

pytestmark = pytest.mark.one_database

LONDONS_CLOCK = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc", "Cn")),
        st.sampled_from(",;:\\\"'\n\t=^😀👩🏽‍🦽ŁمרחباßЖ\u200f\u202e"),
    ),
    max_size=140,
)
ONE_LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)
A_FORUM = {
    "kind": EventKind.FORUM,
    "delivery": Delivery.IN_PERSON,
    "booking_mode": BookingMode.PLACES,
    "status": EventStatus.PUBLISHED,
}
HARD = [
    "Tea, cake; and more: 10:00-11:00",
    "שלום, مرحبا – \u200fforum",
    "👩🏽‍🦽" * 25,
    "Donaudampfschifffahrtsgesellschaftskapitän" * 3,
    'Say "hello", Zoë; C:\\temp',
]


def unfolded(ics: bytes) -> list[str]:
    """Return the lines of a file as they were before they were folded."""
    return ics.replace(b"\r\n ", b"").decode().split("\r\n")


def lines(ics: bytes, name: str) -> list[str]:
    """Return the lines of one property of the entry."""
    all_lines = unfolded(ics)
    event = all_lines[all_lines.index("BEGIN:VEVENT") :]
    return [line for line in event if re.match(rf"{name}[;:]", line)]


@pytest.fixture
def every_ics(relay: Relay) -> list[bytes]:
    """An invitation, a change, another title, a cancellation, and the file of the family's page."""
    booking = a_booking(an_event(title="Forum", summary="What helps"))
    deliver_messages()
    move(booking, days=1)
    deliver_messages()
    with transaction():
        change_title(booking.id, is_discreet=True)
    deliver_messages()
    file = calendar_file(db.session.get_one(Booking, booking.id))
    cancel(booking)
    deliver_messages()
    mailed = [calendar_of(mail) or b"" for mail in relay.mails]
    assert len(mailed) == 4
    return [*mailed, file]


class TestEachRule:
    def test_there_is_one_entry_and_one_of_each_line(self, every_ics: list[bytes]) -> None:
        once = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED", "STATUS", "ORGANIZER")
        for ics in every_ics:
            assert ics.count(b"BEGIN:VEVENT") == 1
            for name in (*once, "SUMMARY", "LOCATION", "CLASS", "TRANSP"):
                assert len(lines(ics, name)) == 1, name

    def test_there_is_one_attendee_in_a_mail_and_none_in_a_file(self, every_ics: list[bytes]) -> None:
        *mailed, file = every_ics
        for ics in mailed:
            (attendee,) = lines(ics, "ATTENDEE")
            assert "CN=" not in attendee
            assert "PARTSTAT=ACCEPTED" in attendee
        assert lines(file, "ATTENDEE") == []

    def test_the_clock_is_londons_by_rule_letter_by_letter(self, every_ics: list[bytes]) -> None:
        assert LONDONS_CLOCK.replace("\n", "\r\n") == VTIMEZONE
        for ics in every_ics:
            assert ics.count(VTIMEZONE.encode()) == ics.count(b"BEGIN:VTIMEZONE") == 1

    def test_the_times_are_londons_and_the_stamps_utc(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            for name in ("DTSTART", "DTEND"):
                assert re.fullmatch(rf"{name};TZID=Europe/London:2026\d{{4}}T1[02]0000", lines(ics, name)[0])
            for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
                assert re.fullmatch(rf"{name}:2026\d{{4}}T\d{{6}}Z", lines(ics, name)[0])

    def test_what_it_says_of_itself(self, every_ics: list[bytes]) -> None:
        for ics in every_ics:
            assert lines(ics, "CLASS") == ["CLASS:PRIVATE"]
            assert lines(ics, "TRANSP") == ["TRANSP:OPAQUE"]
            head = unfolded(ics)[:6]
            assert head[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SEND forum booking//EN"]
            assert any(line.startswith("METHOD:") for line in head)
            for never in (b"VALARM", b"RRULE:FREQ=WEEKLY", b"CONFERENCE", b"DURATION:", b"ATTACH", b"\xef\xbb\xbf"):
                assert never not in ics

    def test_the_organizer_is_who_the_mail_is_from(self, relay: Relay) -> None:
        a_booking(an_event())
        deliver_messages()
        (mail,) = relay.mails
        address = mail["From"].addresses[0].addr_spec
        (organizer,) = lines(calendar_of(mail) or b"", "ORGANIZER")
        assert organizer.endswith(f":mailto:{address}")

    def test_created_and_the_title_never_change_while_the_stamp_does(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event(title="Forum"))
        for days in (1, 2):
            deliver_messages()
            summer.shift(timedelta(seconds=2))
            move(booking, days=days)
        deliver_messages()
        found = [calendar_of(mail) or b"" for mail in relay.mails]
        assert len(found) == 3
        for name in ("CREATED", "SUMMARY", "UID", "ORGANIZER", "ATTENDEE"):
            assert len({lines(ics, name)[0] for ics in found}) == 1
        stamps = [lines(ics, "DTSTAMP")[0] for ics in found]
        assert stamps == sorted(set(stamps))

    def test_the_place_is_one_line_with_its_spot(self, in_app: Flask) -> None:
        venue = a_venue(name='The "Oast", Hall', address="1 Mill Lane\nAshford\nTN23 1PP")
        booking = a_booking(an_event(venue_id=venue.id, room="Upstairs"))
        ics = invitation(booking, {}, attendee="parent@example.net")
        (location,) = lines(ics, "LOCATION")
        assert "\\n" not in location
        assert by_all(ics).location == 'Upstairs, The "Oast", Hall, 1 Mill Lane, Ashford, TN23 1PP'
        assert lines(ics, "GEO") == ["GEO:51.146;0.868"]
        (spot,) = lines(ics, "X-APPLE-STRUCTURED-LOCATION")
        assert spot.endswith(":geo:51.146,0.868")
        assert "VALUE=URI" in spot
        assert "X-APPLE-RADIUS=70" in spot
        assert faults_libical_finds(ics) == []

    def test_the_link_is_the_public_page_and_nothing_is_secret(self, in_app: Flask) -> None:
        needs = {"needs": (Need("bsl", "for Anneliese"),), "consents": (ConsentSubject.NEEDS,)}
        booking = a_booking(an_event(slug="the-forum"), phone="01632 960111", **needs)
        ics = invitation(booking, {}, attendee="parent@example.net")
        assert lines(ics, "URL") == ["URL:http://localhost/sessions/the-forum"]
        text = "\n".join(unfolded(ics))
        for secret in ("/bookings/", "Anneliese", "bsl", "BSL", "960111", "Adult 1", booking.reference):
            assert secret not in text

    def test_the_same_booking_at_the_same_moment_gives_the_same_bytes(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        with time_machine.travel(datetime(2026, 6, 17, tzinfo=UTC), tick=False):
            once = [invitation(booking, {}, attendee="parent@example.net"), calendar_file(booking)]
            assert once == [invitation(booking, {}, attendee="parent@example.net"), calendar_file(booking)]


@pytest.mark.parametrize("text", HARD)
def test_hard_words_reach_every_program_whole(in_app: Flask, text: str) -> None:
    booking = a_booking(event := an_event(title=text[:140], venue_id=a_venue(name=text[:120]).id, summary=text))
    ics = invitation(booking, {}, attendee="parent@example.net")
    read = by_all(ics)
    assert read.summary == event.title
    assert read.location.startswith(text[:120])
    assert faults_libical_finds(ics) == []
    assert max(map(len, ics.split(b"\r\n"))) <= 75


def test_a_backslash_before_an_n_is_no_new_line(in_app: Flask) -> None:
    """node-ical is left out: it undoes the two escapes one after the other, and reads a new line."""
    booking = a_booking(an_event(title="Where to find C:\\new"))
    ics = invitation(booking, {}, attendee="parent@example.net")
    assert b"SUMMARY:Where to find C:\\\\new" in ics
    for reader in (by_icalendar, by_vobject, by_ical_js):
        assert [read.summary for read in reader(ics)] == ["Where to find C:\\new"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=ONE_LINE, name=ONE_LINE, address=TEXT, summary=TEXT)
def test_whatever_is_typed_the_file_stays_sound(
    in_app: Flask, title: str, name: str, address: str, summary: str
) -> None:
    ics = _invitation_of(title=title, name=name, address=address, summary=summary)
    assert ics.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", ics)
    for line in ics.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert ics.count(b"\r\nBEGIN:VEVENT\r\n") == ics.count(b"\r\nEND:VEVENT\r\n") == 1
    assert len(lines(ics, "ATTENDEE")) == len(lines(ics, "SEQUENCE")) == 1
    assert faults_libical_finds(ics) == []
    (read,) = by_icalendar(ics)
    assert read.summary == title


def _invitation_of(*, title: str, name: str, address: str, summary: str) -> bytes:
    """Write the invitation of a session that is never saved."""
    venue = Venue(
        name=name, address=address, town="Ashford", outcode="TN23", postcode="", lat=51.1, lon=0.8,
        directions="", is_confidential=False, facts=[],
    )  # fmt: skip
    starts_at = clock.london_time(clock.today() + timedelta(days=14), 10)
    event = Event(**A_FORUM, title=title, summary=summary, venue=venue, slug="x", room="", starts_at=starts_at,
                  ends_at=starts_at + timedelta(hours=2), changed_at=clock.now(), new_date_pending=False)  # fmt: skip
    booking = Booking(ical_uid="1@pact.example.org", ical_sequence=3, is_discreet=False, lang="en", event=event,
                      status=BookingStatus.CONFIRMED, created_at=clock.now(), slot=None)  # fmt: skip
    with db.session.no_autoflush:
        ics = invitation(booking, {}, attendee="parent@example.net")
    db.session.expunge_all()
    return ics


class TestTheJudges:
    """They must be able to say no, or their yes is worth nothing."""

    def spoilt(self, ics: bytes, change: Callable[[bytes], bytes]) -> bytes:
        wrong = change(ics)
        assert wrong != ics
        return wrong

    def test_libical_sees_what_the_standard_forbids(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        ics = invitation(booking, {}, attendee="parent@example.net")
        assert faults_libical_finds(ics) == []
        for gone in (
            rb"ORGANIZER[^\r]*\r\n( [^\r]*\r\n)*",
            rb"ATTENDEE[^\r]*\r\n( [^\r]*\r\n)*",
            rb"DTSTAMP[^\r]*\r\n",
        ):
            wrong = self.spoilt(ics, lambda text, gone=gone: re.sub(gone, b"", text))  # type: ignore[misc]
            assert faults_libical_finds(wrong) != []

    def test_a_wrong_clock_parts_the_programs(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        ics = invitation(booking, {}, attendee="parent@example.net")
        wrong = self.spoilt(ics, lambda text: text.replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0200"))
        with pytest.raises(AssertionError):
            by_all(wrong)

    def test_two_entries_are_not_taken_for_one(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        ics = invitation(booking, {}, attendee="parent@example.net")
        start, end = ics.index(b"BEGIN:VEVENT"), ics.index(b"END:VCALENDAR")
        second = ics[start:end].replace(b"UID:", b"UID:x")
        twice = ics[:end] + second + ics[end:]
        assert len(by_node_ical(twice)) == 2
        with pytest.raises(ValueError, match="too many values"):
            by_all(twice)


class TestWhatIsMaterial:
    def test_a_new_link_to_join_is_a_revision_that_does_not_hold_it(self, relay: Relay) -> None:
        booking = a_booking(an_event(delivery=Delivery.ONLINE, join_url="https://meet.example.org/old"))
        deliver_messages()
        change(booking, join_url="https://meet.example.org/new")
        deliver_messages()
        mail = as_mail(relay.raw[-1])
        ics = calendar_of(mail) or b""
        assert lines(ics, "SEQUENCE") == ["SEQUENCE:1"]
        assert b"meet.example" not in ics
        assert b"https://meet.example.org/new" in relay.raw[-1]

    def test_another_title_is_a_revision(self, relay: Relay) -> None:
        booking = a_booking(an_event(title="Forum"))
        deliver_messages()
        change(booking, title="Forum on sleep")
        deliver_messages()
        read = by_all(calendar_of(relay.mails[-1]) or b"")
        assert (read.sequence, read.summary) == (1, "Forum on sleep")

    def test_a_typo_in_the_description_is_told_to_nobody(self, relay: Relay) -> None:
        booking = a_booking(event := an_event(summary="Slep"))
        deliver_messages()
        with transaction():
            save_session(event.id, SessionDetails(kind=event.kind, summary="Sleep", capacity=10))
        deliver_messages()
        assert len(relay.raw) == len(outbox()) == 1
        assert db.session.get_one(Booking, booking.id).ical_sequence == 0

    def test_a_cancel_says_what_stood_in_the_calendar(self, relay: Relay) -> None:
        booking = a_booking(an_event(title="Forum"))
        deliver_messages()
        first = by_all(calendar_of(relay.mails[-1]) or b"")
        cancel(booking)
        row = [message for message in outbox() if message.facts and "was" in message.facts][-1]
        ics = cancellation(db.session.get_one(Booking, booking.id), row.facts or {}, attendee="parent@example.net")
        read = by_all(ics)
        assert (read.method, read.status, read.uid, read.summary) == ("CANCEL", "CANCELLED", first.uid, "Forum")
        assert (read.start, read.location) == (first.start, first.location)
        assert faults_libical_finds(ics) == []
