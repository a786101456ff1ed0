"""A family's calendar answers: a proved decline frees the place after a grace; whatever is weaker changes nothing."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.formats.incoming import read_mail
from booking.formats.tokens import booking_token
from booking.jobs.deliver import deliver_messages
from booking.jobs.tick import tick
from booking.models import Booking, BookingChange, Event, Inbound, Message
from booking.rules.words import BookingStatus, ChangeKind, InboundKind, MessageKind, ReplyAnswer
from booking.services.change_contact import Contact, change_contact
from booking.services.keep_place import keep_place
from booking.services.notify import as_it_is, tell_postponed
from booking.services.release_declined import release_declined
from booking.services.take_inbound import Spot, take_inbound
from tests.cast import a_booking, an_event
from tests.mail.answers import FORMS, US, Said, answer_of, apple, google, outlook, thunderbird
from tests.mail.deeds import cancel, move, outbox
from tests.mail.relay import Relay, calendar_of, page_of, text_of
from tests.services.test_races import at_once
from tests.staff.browse import forms_of

_places = iter(range(1, 10_000))


def take(raw: bytes) -> Inbound:
    """Take a mail as the worker does, and return its row."""
    mail = read_mail(raw, authserv_id=US)
    spot = Spot(version=1, number=next(_places), digest=hashlib.sha256(raw).hexdigest())
    with transaction():
        take_inbound(mail, spot=spot)
    return db.session.scalars(select(Inbound).order_by(Inbound.id.desc()).limit(1)).one()


def now_of(booking: Booking) -> Booking:
    """Return the booking as it stands."""
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def kinds() -> list[MessageKind]:
    return [message.kind for message in outbox()]


def changes(booking: Booking) -> list[ChangeKind]:
    statement = select(BookingChange.kind).where(BookingChange.booking_id == booking.id).order_by(BookingChange.id)
    return list(db.session.scalars(statement))


def untouched(booking: Booking) -> bool:
    """Tell whether no answer left anything on the booking."""
    row = now_of(booking)
    return (row.status, row.reply_answer, row.reply_stamped_at, row.release_at) == (
        BookingStatus.CONFIRMED,
        None,
        None,
        None,
    )


@pytest.fixture
def booking(in_app: Flask) -> Iterator[Booking]:
    """A family with a place, and noise: another family with one, at the same session."""
    event = an_event()
    mine, other = a_booking(event), a_booking(event)
    yield mine
    assert untouched(other)


class TestADeclineThatIsProved:
    @pytest.mark.parametrize("form", FORMS)
    def test_is_heard_from_every_program_and_frees_the_place_after_two_hours(
        self, booking: Booking, form: str, summer: time_machine.Traveller
    ) -> None:
        row = take(FORMS[form](answer_of(booking)))
        assert (row.kind, row.verdict, row.booking_id) == (InboundKind.CALENDAR_REPLY, "declined_proved", booking.id)
        assert row.text is None
        kept = now_of(booking)
        assert (kept.status, kept.reply_answer) == (BookingStatus.CONFIRMED, ReplyAnswer.DECLINED)
        assert kept.release_at is not None
        assert timedelta(minutes=119) < kept.release_at - clock.now() <= timedelta(hours=2)
        assert kinds()[-1] == MessageKind.DECLINE_HEARD
        summer.shift(timedelta(minutes=119))
        tick()
        assert now_of(booking).status == BookingStatus.CONFIRMED
        summer.shift(timedelta(minutes=2))
        tick()
        gone = now_of(booking)
        assert (gone.status, gone.release_at) == (BookingStatus.CANCELLED, None)
        assert db.session.get_one(Event, booking.event_id).places_taken == 1
        assert changes(booking)[-2:] == [ChangeKind.CALENDAR_DECLINED, ChangeKind.CANCELLED]

    def test_is_answered_with_a_link_that_keeps_the_place_and_no_calendar_part(
        self, booking: Booking, relay: Relay
    ) -> None:
        take(outlook(answer_of(booking)))
        deliver_messages()
        deliver_messages()
        mail = next(mail for mail in relay.mails if str(mail["Subject"]).startswith("We heard"))
        assert mail["To"] == booking.email
        assert calendar_of(mail) is None
        link = f"http://localhost/bookings/{booking_token(booking)}/keep"
        for words in (text_of(mail), page_of(mail)):
            assert link in words
            assert "Your calendar told us that you cannot come." in words
            assert "At midday on Tuesday 16 June 2026 your place goes to another family." in words

    def test_gets_no_cancellation_into_a_calendar_that_has_declined(
        self, booking: Booking, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        deliver_messages()
        take(apple(answer_of(booking)))
        summer.shift(timedelta(hours=3))
        tick()
        [mail] = [mail for mail in relay.mails if str(mail["Subject"]).startswith("Cancelled:")]
        assert calendar_of(mail) is None
        assert "Your calendar told us that you cannot come." in text_of(mail)
        assert "takes the entry out" not in text_of(mail)

    def test_nor_does_a_family_that_cancels_by_itself_meanwhile(self, booking: Booking, relay: Relay) -> None:
        deliver_messages()
        take(apple(answer_of(booking)))
        cancel(booking)
        deliver_messages()
        deliver_messages()
        [mail] = [mail for mail in relay.mails if str(mail["Subject"]).startswith("Cancelled:")]
        assert calendar_of(mail) is None
        assert "Thank you for telling us" in text_of(mail)
        assert now_of(booking).release_at is None
        assert not any(str(mail["Subject"]).startswith("We heard") for mail in relay.mails)

    def test_a_family_that_never_declined_gets_one(self, booking: Booking, relay: Relay) -> None:
        deliver_messages()
        cancel(booking)
        deliver_messages()
        assert calendar_of(relay.mails[-1]) is not None

    def test_offers_the_place_to_the_next_family(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        event = an_event(capacity=1)
        first, second = a_booking(event), a_booking(event)
        take(google(answer_of(first)))
        summer.shift(timedelta(hours=2, minutes=1))
        tick()
        assert now_of(second).status == BookingStatus.OFFERED

    def test_frees_it_at_once_on_the_last_day(self, in_app: Flask) -> None:
        booking = a_booking(an_event(starts_at=clock.now() + timedelta(hours=23)))
        take(thunderbird(answer_of(booking)))
        tick()
        assert now_of(booking).status == BookingStatus.CANCELLED
        assert MessageKind.DECLINE_HEARD not in kinds()

    def test_cancels_nothing_once_the_session_has_begun(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event(starts_at=clock.now() + timedelta(hours=25)))
        take(thunderbird(answer_of(booking)))
        summer.shift(timedelta(hours=26))
        tick()
        row = now_of(booking)
        assert (row.status, row.release_at) == (BookingStatus.CONFIRMED, None)

    def test_said_twice_is_told_once_and_ends_at_the_first_time(
        self, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        take(google(answer_of(booking)))
        first = now_of(booking).release_at
        summer.shift(timedelta(minutes=30))
        assert take(google(answer_of(booking))).verdict == "declined_proved"
        assert now_of(booking).release_at == first
        assert kinds().count(MessageKind.DECLINE_HEARD) == 1


class TestWhatIsWeaker:
    FORGED: dict[str, dict[str, object]] = {
        "no dmarc": {"vouched": f"{US}; spf=fail; dmarc=fail header.from=example.net"},
        "nothing vouches": {"vouched": f"{US}; none"},
        "foreign server": {"vouched": "mx.evil.example; dmarc=pass header.from=example.net"},
        "a server named like ours": {"vouched": f"{US}.evil.example; dmarc=pass header.from=example.net"},
        "another sender": {"sender": "mallory@evil.example"},
        "another of the same house": {"sender": "mallory@example.net"},
        "an older revision": {"sequence": -1},
        "a newer revision": {"sequence": 7},
        "another time proposed": {"method": "COUNTER", "partstat": "TENTATIVE"},
    }

    @pytest.mark.parametrize("name", FORGED)
    def test_is_asked_about_once_and_changes_nothing(self, booking: Booking, relay: Relay, name: str) -> None:
        for _twice in range(2):
            row = take(thunderbird(answer_of(booking, **self.FORGED[name])))
            assert row.verdict in ("declined_weak", "counter")
        assert untouched(booking)
        assert kinds().count(MessageKind.DECLINE_ASKED) == 1
        deliver_messages()
        deliver_messages()
        [mail] = [mail for mail in relay.mails if str(mail["Subject"]).startswith("Did you mean to cancel?")]
        assert (mail["To"], calendar_of(mail)) == (booking.email, None)
        assert f"http://localhost/bookings/{booking_token(booking)}/cancel" in text_of(mail)
        assert "You still have your place." in text_of(mail)

    def test_is_asked_about_again_for_another_revision(self, booking: Booking) -> None:
        take(thunderbird(answer_of(booking, vouched="x; none")))
        move(booking, days=1)
        take(thunderbird(answer_of(now_of(booking), vouched="x; none")))
        assert kinds().count(MessageKind.DECLINE_ASKED) == 2
        assert untouched(booking)

    def test_does_not_stand_in_the_way_of_a_true_one(self, booking: Booking) -> None:
        far = clock.now() + timedelta(days=4000)
        take(apple(answer_of(booking, vouched="x; none", stamped_at=far)))
        take(apple(answer_of(booking, stamped_at=far)))
        assert untouched(booking)
        assert take(apple(answer_of(booking))).verdict == "declined_proved"

    def test_a_question_that_waits_is_not_asked_any_more_after_a_move(self, booking: Booking, relay: Relay) -> None:
        deliver_messages()
        take(thunderbird(answer_of(booking, vouched="x; none")))
        move(booking, days=1)
        deliver_messages()
        deliver_messages()
        assert not any(str(mail["Subject"]).startswith("Did you mean") for mail in relay.mails)


class TestWhatIsOnlyWrittenDown:
    def verdict_of(self, booking: Booking, said: Said) -> str:
        before = len(outbox())
        row = take(thunderbird(said))
        assert untouched(booking)
        assert len(outbox()) == before
        return row.verdict

    def test_out_of_office(self, booking: Booking) -> None:
        for header in ("Auto-Submitted: auto-replied", "Return-Path: <>", "Precedence: bulk"):
            assert self.verdict_of(booking, answer_of(booking, headers=(header,))) == "automatic", header

    def test_an_unproved_one_that_a_program_sent(self, booking: Booking) -> None:
        said = answer_of(booking, vouched="x; none", headers=("Auto-Submitted: auto-generated",))
        assert self.verdict_of(booking, said) == "automatic"

    def test_another_familys_entry(self, booking: Booking) -> None:
        other = a_booking(an_event())
        said = answer_of(other, uid=booking.ical_uid)
        assert self.verdict_of(booking, said) == "unknown"

    def test_an_entry_nobody_has(self, booking: Booking) -> None:
        assert self.verdict_of(booking, answer_of(booking, uid="nothing@pact.example.org")) == "unknown"

    def test_two_attendees(self, booking: Booking) -> None:
        said = answer_of(booking, more=("ATTENDEE;PARTSTAT=DECLINED:mailto:mallory@evil.example",))
        assert self.verdict_of(booking, said) == "malformed"

    def test_an_acceptance_that_is_not_proved(self, booking: Booking) -> None:
        said = answer_of(booking, partstat="ACCEPTED", vouched="x; none")
        assert self.verdict_of(booking, said) == "unproved"

    def test_an_answer_to_a_session_that_is_put_off(self, booking: Booking) -> None:
        with transaction():
            row = db.session.get_one(Booking, booking.id)
            row.event.new_date_pending = True
        assert self.verdict_of(booking, answer_of(booking)) == "stale"

    def test_the_same_answer_again_after_the_place_was_kept(self, booking: Booking) -> None:
        said = answer_of(booking)
        take(google(said))
        with transaction():
            keep_place(booking.id)
        assert take(google(dataclasses.replace(said, message_id="copy@example.net"))).verdict == "repeated"
        assert now_of(booking).release_at is None

    @pytest.mark.one_database
    def test_our_own_mails_come_back(self, booking: Booking, relay: Relay) -> None:
        deliver_messages()
        move(booking, days=1)
        deliver_messages()
        before = len(outbox())
        for raw in relay.raw:
            assert take(raw).kind == InboundKind.MACHINE
        ours = answer_of(now_of(booking), sender="bookings@pact.example.org")
        assert take(google(ours)).kind == InboundKind.MACHINE
        assert untouched(booking)
        assert len(outbox()) == before


class TestAYes:
    def test_is_noted(self, booking: Booking) -> None:
        assert take(google(answer_of(booking, partstat="ACCEPTED"))).verdict == "accepted"
        row = now_of(booking)
        assert (row.reply_answer, row.release_at) == (ReplyAnswer.ACCEPTED, None)

    def test_takes_back_a_no_in_the_grace(self, booking: Booking, summer: time_machine.Traveller) -> None:
        take(google(answer_of(booking)))
        summer.shift(timedelta(minutes=5))
        take(google(answer_of(booking, partstat="ACCEPTED")))
        row = now_of(booking)
        assert (row.reply_answer, row.release_at) == (ReplyAnswer.ACCEPTED, None)
        assert changes(booking)[-1] == ChangeKind.PLACE_KEPT
        summer.shift(timedelta(hours=3))
        tick()
        assert now_of(booking).status == BookingStatus.CONFIRMED

    def test_but_not_a_forged_one(self, booking: Booking) -> None:
        take(google(answer_of(booking)))
        take(thunderbird(answer_of(booking, partstat="ACCEPTED", vouched="x; none")))
        assert now_of(booking).release_at is not None

    def test_a_maybe_is_noted_and_takes_back_nothing(self, booking: Booking, summer: time_machine.Traveller) -> None:
        assert take(apple(answer_of(booking, partstat="TENTATIVE"))).verdict == "tentative"
        assert now_of(booking).reply_answer == ReplyAnswer.TENTATIVE
        summer.shift(timedelta(minutes=5))
        take(apple(answer_of(booking)))
        summer.shift(timedelta(minutes=5))
        take(apple(answer_of(booking, partstat="TENTATIVE")))
        row = now_of(booking)
        assert (row.reply_answer, row.release_at is None) == (ReplyAnswer.DECLINED, False)


class TestWhatMakesItMoot:
    def declined(self, booking: Booking) -> None:
        take(google(answer_of(booking)))
        assert now_of(booking).release_at is not None

    def test_a_move(self, booking: Booking, relay: Relay) -> None:
        self.declined(booking)
        move(booking, days=1)
        assert (now_of(booking).release_at, now_of(booking).reply_answer) == (None, None)
        for _each in range(3):
            deliver_messages()
        assert not any(str(mail["Subject"]).startswith("We heard") for mail in relay.mails)

    def test_another_address(self, booking: Booking) -> None:
        self.declined(booking)
        with transaction():
            change_contact(booking.id, Contact(contact_by=booking.contact_by, email="new@example.net"))
        assert now_of(booking).release_at is None

    def test_a_session_that_is_put_off(self, booking: Booking) -> None:
        self.declined(booking)
        with transaction():
            row = db.session.get_one(Booking, booking.id)
            row.event.new_date_pending = True
            tell_postponed(row, as_it_is(row.event))
        assert now_of(booking).release_at is None


class TestKeepMyPlace:
    def test_is_a_button_on_the_familys_page(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            booking = a_booking(an_event())
            number, link = booking.id, f"/bookings/{booking_token(booking)}"
            take(google(answer_of(booking)))
        for path in (link, f"{link}/keep"):
            page = client.get(path)
            assert "At midday on Tuesday 16 June 2026 your place goes to another family." in page.text
            fields = forms_of(page)[f"{link}/keep"]
        with app.app_context():
            assert db.session.get_one(Booking, number).release_at is not None
        answers = [client.post(f"{link}/keep", data=fields, follow_redirects=True).text for _twice in range(2)]
        for answer in answers:
            assert "Your place is still yours." in answer
            assert "At midday on Tuesday 16 June 2026" not in answer
        with app.app_context():
            row = db.session.get_one(Booking, number)
            assert (row.status, row.release_at, row.reply_answer) == (BookingStatus.CONFIRMED, None, None)
            assert changes(row).count(ChangeKind.PLACE_KEPT) == 1

    def test_comes_too_late_once_the_place_has_gone(self, booking: Booking, summer: time_machine.Traveller) -> None:
        take(google(answer_of(booking)))
        summer.shift(timedelta(hours=3))
        tick()
        with pytest.raises(Conflict), transaction():
            keep_place(booking.id)

    def test_kept_and_let_go_at_once_ends_in_one_of_the_two(self, app: Flask, summer: time_machine.Traveller) -> None:
        with app.app_context():
            booking = a_booking(an_event())
            number = booking.id
            take(google(answer_of(booking)))
        summer.shift(timedelta(hours=2, minutes=1))
        kept, released = at_once(app, [lambda: keep_place(number).id, lambda: release_declined(number)])
        with app.app_context():
            row = db.session.get_one(Booking, number)
            told = db.session.scalars(select(Message.kind).where(Message.booking_id == number)).all()
            if released is True:
                assert isinstance(kept, Conflict)
                assert row.status == BookingStatus.CANCELLED
            else:
                assert (kept, released) == (number, False)
                assert row.status == BookingStatus.CONFIRMED
            assert (MessageKind.CANCELLED_BY_FAMILY in told) == (released is True)
            assert row.release_at is None
            assert db.session.get_one(Event, row.event_id).places_taken == (0 if released is True else 1)
