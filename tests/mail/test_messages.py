"""What the mails say, how they are built, and what they never say."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest
import time_machine
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.formats.messages import Words, in_words
from booking.formats.text_words import text_in_words
from booking.formats.tokens import booking_link
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.delivery import AFTERWARDS, OF_NO_BOOKING
from booking.rules.texts import TEXT_ONLY
from booking.rules.words import BookingStatus, CancelledBy, ConsentSubject, ContactBy, Delivery, MessageKind
from booking.services.book_places import Need
from booking.services.change_contact import Contact, change_contact
from booking.services.change_title import change_title
from booking.services.notify import as_it_is, tell_link, tell_postponed
from tests.cast import a_booking, a_venue, an_event
from tests.mail.deeds import cancel, change, move
from tests.mail.relay import Relay, page_of, text_of

pytestmark = pytest.mark.one_database

WITHOUT_THE_SESSION = (MessageKind.CONTACT_CHANGED, MessageKind.CALENDAR_LINK, *AFTERWARDS)
"""What names no session in its subject: it goes to an address that lost it, is of all of them, or of what is over."""


class Page(HTMLParser):
    """Collects the tags, links and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.lang = ""
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag == "html":
            self.lang = values.get("lang") or ""

    def handle_data(self, data: str) -> None:
        self.words += data


class TestTheMail:
    def test_has_the_parts_that_calendars_look_for(self, relay: Relay) -> None:
        a_booking(an_event())
        deliver_messages()
        (mail,) = relay.mails
        assert mail.get_content_type() == "multipart/mixed"
        alternative, attachment = mail.iter_parts()
        assert [part.get_content_type() for part in alternative.iter_parts()] == [
            "text/plain",
            "text/html",
            "text/calendar",
        ]
        plain, _page, calendar = alternative.iter_parts()
        assert plain["Content-Transfer-Encoding"] == "quoted-printable"
        assert calendar["Content-Transfer-Encoding"] == "base64"
        assert calendar["Content-Disposition"] is None
        params = calendar["Content-Type"].params
        assert (params["method"], params["charset"].upper(), params["component"]) == ("REQUEST", "UTF-8", "VEVENT")
        assert attachment.get_content_type() == "application/ics"
        assert attachment.get_filename() == "invite.ics"
        assert attachment.get_payload(decode=True) == calendar.get_payload(decode=True)

    def test_is_seven_bit_crlf_with_short_lines(self, relay: Relay) -> None:
        a_booking(an_event(title="Zoë's forum 😀 " + "long " * 20))
        deliver_messages()
        (raw,) = relay.raw
        assert raw.isascii()
        assert not re.search(rb"(?<!\r)\n", raw)
        assert max(map(len, raw.split(b"\r\n"))) <= 100

    def test_says_who_sends_it_and_that_a_machine_does(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        (mail,) = relay.mails
        assert mail["From"] == "Kent PACT <bookings@pact.example.org>"
        assert mail["To"] == booking.email
        assert mail["Reply-To"] == "help@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
        assert abs(parsedate_to_datetime(mail["Date"]) - clock.now()) < timedelta(minutes=1)
        assert re.fullmatch(r"<[a-z0-9]{26}@pact\.example\.org>", mail["Message-ID"])
        assert mail["Cc"] is mail["Bcc"] is mail["Precedence"] is None

    def test_later_mails_stay_together_with_the_invitation(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        move(booking, days=1)
        cancel(booking)
        deliver_messages()
        deliver_messages()
        first, *later = relay.mails
        assert len(later) >= 1
        for mail in later:
            assert mail["In-Reply-To"] == mail["References"] == first["Message-ID"]
            assert mail["Message-ID"] != first["Message-ID"]

    def test_only_invitations_changes_and_cancellations_carry_a_calendar(self, relay: Relay) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        assert waiting.status == BookingStatus.WAITING
        deliver_messages()
        assert relay.subjects[1].startswith("Waiting list:")
        assert relay.mails[1].get_content_type() == "multipart/alternative"


class TestTheWords:
    def test_of_a_confirmation(self, relay: Relay) -> None:
        booking = a_booking(an_event(venue_id=a_venue(directions="The door is behind the library.").id))
        deliver_messages()
        (mail,) = relay.mails
        link = booking_link(booking, public_url="http://localhost")
        for words in (text_of(mail), Page(page_of(mail)).words):
            assert "Tuesday 30 June 2026, 10am to midday" in words
            assert "Oast Meadow Community Centre" in words
            assert "behind the library" in words
            assert "press Yes" in words
            assert "01632 960000" in words
            assert "help@example.org" in words
        assert link in text_of(mail)
        assert f"{link}/cancel" in text_of(mail)
        assert {link, f"{link}/cancel"} <= set(Page(page_of(mail)).links)

    def test_of_a_change_name_the_old_and_the_new(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        change(booking, venue_id=a_venue(name="Chalk Hall").id, starts_at=_at(11), ends_at=_at(13))
        deliver_messages()
        mail = relay.mails[-1]
        assert str(mail["Subject"]).startswith("Changed: ")
        assert str(mail["Subject"]).endswith("now Tue 30 June, 11am")
        for words in (text_of(mail), Page(page_of(mail)).words):
            for line in (
                "New time: Tuesday 30 June 2026, 11am to 1pm",
                "Old time: Tuesday 30 June 2026, 10am to midday",
                "New place: Chalk Hall",
                "Old place: Oast Meadow Community Centre",
            ):
                assert line in words

    @pytest.mark.parametrize(("by", "subject"), [(CancelledBy.US, "Cancelled: "), (CancelledBy.FAMILY, "Cancelled: ")])
    def test_of_a_cancellation_begin_with_it(self, relay: Relay, by: CancelledBy, subject: str) -> None:
        booking = a_booking(an_event())
        cancel(booking, by)
        deliver_messages()
        assert relay.subjects[-1].startswith(subject)
        assert "Tuesday 30 June 2026" in text_of(relay.mails[-1])

    @pytest.mark.parametrize(("status", "stays"), [(BookingStatus.WAITING, True), (BookingStatus.CANCELLED, False)])
    def test_of_an_offer_that_ran_out_say_that_they_stay_on_the_list(
        self, in_app: Flask, status: BookingStatus, stays: bool
    ) -> None:
        booking = a_booking(an_event())
        booking.status = status
        words = in_words(MessageKind.OFFER_LAPSED, booking, facts=None, has_calendar=False)
        for said in (words.text, words.html):
            assert ("still on the waiting list" in said) == stays
        assert ("stay on the waiting list" in text_in_words(MessageKind.OFFER_LAPSED, booking, facts=None)) == stays

    def test_of_a_session_put_off_say_not_to_come(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            row = db.session.get_one(Booking, booking.id)
            was = as_it_is(row.event)
            row.event.new_date_pending = True
            tell_postponed(row, was)
        deliver_messages()
        assert "do not come" in relay.subjects[-1]
        assert relay.mails[-1].get_content_type() == "multipart/alternative"
        for words in (text_of(relay.mails[-1]), page_of(relay.mails[-1])):
            assert "Your place stays yours." in words
            assert f"{booking_link(booking, public_url='http://localhost')}/cancel" in words

    def test_of_anything_while_a_session_is_put_off_do_not_give_the_old_time_as_the_time(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        booking.event.new_date_pending = True
        for kind in (MessageKind.LINK, MessageKind.POSTPONED):
            words = in_words(kind, booking, facts=None, has_calendar=False)
            for said in (words.text, Page(words.html).words):
                assert "Old time: Tuesday 30 June 2026" in said
                assert "New time: not known yet" in said
                assert "When:" not in said

    def test_of_a_session_put_off_promise_no_place_to_who_waits(self, relay: Relay) -> None:
        event = an_event(capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        with transaction():
            row = db.session.get_one(Booking, waiting.id)
            was = as_it_is(row.event)
            row.event.new_date_pending = True
            tell_postponed(row, was)
        deliver_messages()
        (mail,) = [each for each in relay.mails if "Put off" in str(each["Subject"])]
        for words in (text_of(mail), page_of(mail)):
            assert "do not know the new date" in words
            assert "stays yours" not in words
            assert "/cancel" not in words

    def test_of_another_contact_say_that_the_calendar_lets_go(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            change_contact(booking.id, Contact(contact_by=ContactBy.EMAIL, email="new@example.net", phone=None))
        deliver_messages()
        (told,) = [mail for mail in relay.mails if "contact" in str(mail["Subject"])]
        for words in (text_of(told), page_of(told)):
            assert "takes the entry out of your calendar" in words

    def test_of_another_title_end_the_line_before_the_next_sentence(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        with transaction():
            change_title(booking.id, is_discreet=True)
        deliver_messages()
        assert re.search(r"Kent PACT booking<br>\s+Nothing else has changed", page_of(relay.mails[-1]))

    def test_of_arrangements_name_no_need(self, relay: Relay) -> None:
        a_booking(an_event(), needs=(Need("bsl", "for Anneliese"),), consents=(ConsentSubject.NEEDS,))
        deliver_messages()
        text = text_of(relay.mails[0])
        assert "what you asked for" in text
        for secret in ("BSL", "Sign", "Anneliese"):
            assert secret not in text + page_of(relay.mails[0])

    def test_are_in_the_language_of_the_booking_or_else_in_english(self, relay: Relay) -> None:
        a_booking(an_event(), lang="pl")
        a_booking(an_event(), lang="xx")
        deliver_messages()
        polish, unknown = relay.mails
        assert Page(page_of(polish)).lang == "pl"
        assert "30 czerwca 2026" in text_of(polish)
        assert "30 June 2026" in text_of(unknown)

    def test_of_a_link_sent_again(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        with transaction():
            tell_link(db.session.get_one(Booking, booking.id))
        deliver_messages()
        deliver_messages()
        assert booking_link(booking, public_url="http://localhost") in text_of(relay.mails[-1])

    def test_escape_what_people_typed(self, relay: Relay) -> None:
        a_booking(an_event(title="Tea & <b>talk</b>"))
        deliver_messages()
        (mail,) = relay.mails
        assert "Tea & <b>talk</b>" in text_of(mail)
        assert "<b>" not in page_of(mail)
        assert str(mail["Subject"]).startswith("Booked: Tea & <b>talk</b>")


class TestAConfidentialPlace:
    def test_is_told_only_to_who_has_a_place(self, relay: Relay) -> None:
        venue = a_venue(is_confidential=True, name="Willow Refuge", address="1 Hidden Lane")
        event = an_event(venue_id=venue.id, capacity=1, title="Forum in hiding")
        booked = a_booking(event)
        waiting = a_booking(event)
        deliver_messages()
        change(booked, room="Upstairs")
        change(waiting, room="Downstairs")
        deliver_messages()
        deliver_messages()
        for mail in relay.mails:
            has_place = mail["To"] == booked.email
            assert ("Willow" in text_of(mail)) == has_place
            assert ("Hidden" in page_of(mail)) == has_place
            assert "hiding" not in str(mail["Subject"])


def tells_nothing_of(booking: Booking, words: Words) -> None:
    """The old address learns that something was changed, and whom to ring; nothing of the booking."""
    for text in (words.text, words.html):
        assert "01632 960000" in text
        for secret in (booking.event.title, "June", "Oast Meadow", booking.reference, "/bookings/", "/sessions/"):
            assert secret not in text


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind not in {*OF_NO_BOOKING, *TEXT_ONLY}])
class TestEveryMessage:
    @pytest.fixture
    def booking(self, in_app: Flask, summer: time_machine.Traveller) -> Booking:
        event = an_event(delivery=Delivery.HYBRID, join_url="https://meet.example.org/x", dial_in="01632 960222")
        booking = a_booking(event, needs=(Need("bsl", "for Anneliese"),), consents=(ConsentSubject.NEEDS,), children=2)
        with transaction():
            row = db.session.get_one(Booking, booking.id)
            row.offer_ends_at = row.release_at = clock.now() + timedelta(days=2)
        return db.session.get_one(Booking, booking.id)

    def test_says_what_when_where_and_whom_to_ask(self, booking: Booking, kind: MessageKind) -> None:
        words = self._words(booking, kind)
        if kind == MessageKind.CONTACT_CHANGED:
            tells_nothing_of(booking, words)
            return
        if kind == MessageKind.YOU_SAID_WE_DID:  # it may tell of several sessions
            assert "01632 960000" in words.text
            assert booking.event.title not in words.text
            return
        for text in (words.text, Page(words.html).words):
            assert booking.event.title in text
            assert "30 June 2026" in text
            assert "Oast Meadow" in text
            assert "01632 960000" in text
            assert booking_link(booking, public_url="http://localhost") in words.text

    def test_has_a_short_subject_that_names_nobody(self, booking: Booking, kind: MessageKind) -> None:
        words = self._words(booking, kind)
        assert "\n" not in words.subject
        assert (booking.event.title in words.subject) == (kind not in WITHOUT_THE_SESSION)
        assert "Adult 1" not in words.subject + words.text + words.html
        assert "Anneliese" not in words.text + words.html
        assert len(words.subject.replace(booking.event.title, "")) < 60

    def test_is_a_page_that_everybody_can_read(self, booking: Booking, kind: MessageKind) -> None:
        page = Page(self._words(booking, kind).html)
        assert page.lang == "en-GB"
        assert page.tags.count("h1") == 1
        assert not {"img", "script", "link", "iframe", "form"} & set(page.tags)
        assert {"tel:01632960000", "mailto:help@example.org"} <= set(page.links)

    def test_leaves_no_gaps(self, booking: Booking, kind: MessageKind) -> None:
        text = self._words(booking, kind).text
        assert "\n\n\n" not in text
        assert "None" not in text
        assert not re.search(r"[ \t]+$", text, re.MULTILINE)

    @staticmethod
    def _words(booking: Booking, kind: MessageKind):  # type: ignore[no-untyped-def]
        was = {name: value for name, value in as_it_is(booking.event).items() if name != "slots"}
        return in_words(kind, booking, facts={"was": was, "had_place": True}, has_calendar=True, waiting=12)


def _at(hour: int):  # type: ignore[no-untyped-def]
    return clock.london_time(clock.today() + timedelta(days=14), hour)
