"""Texts leave through GOV.UK Notify: to whom, what they say, and what becomes of each of its answers."""

from __future__ import annotations

import dataclasses
import logging
import re
import socket
from collections.abc import Iterator
from datetime import timedelta

import jwt
import pytest
import time_machine
from flask import Flask

from booking import clock, texts
from booking.extensions import db, transaction
from booking.formats.sender import our_sender
from booking.formats.text_words import text_in_words
from booking.jobs import deliver_messages, tick
from booking.models import Booking, Event, Message
from booking.queries.calls_due import calls_due
from booking.queries.reminders_due import reminders_due
from booking.rules.texts import LONGEST, TEXTED, in_phone_letters, length
from booking.rules.words import CancelledBy, Channel, ConsentSubject, ContactBy, MessageKind, MessageStatus
from booking.services.book_places import Need
from booking.services.claim_messages import claim_messages
from booking.services.notify import notify as queue
from booking.services.notify import tell_link, tell_offer
from booking.services.prepare_message import Letter, begin_data, prepare_message
from booking.services.queue_reminders import queue_reminders
from tests.cast import a_booking, a_venue, an_event
from tests.mail.deeds import cancel, move, outbox, statuses
from tests.mail.notify_standin import (
    DROP,
    GARBLED,
    HANG,
    KEEP_AND_DROP,
    KEY,
    SECRET,
    SERVICE,
    TEMPLATE,
    Notify,
    answering,
)
from tests.mail.relay import Relay

PHONE = "07700 900982"


@pytest.fixture
def notify(in_app: Flask) -> Iterator[Notify]:
    """GOV.UK Notify's stand-in, with texts switched on."""
    before = in_app.extensions["config"]
    with answering(Notify()) as standin:
        set_texts(in_app, sms_api_key=KEY, sms_template_id=TEMPLATE, sms_base_url=standin.url)
        yield standin
    in_app.extensions["config"] = before


def set_texts(app: Flask, **settings: str) -> None:
    app.extensions["config"] = dataclasses.replace(app.extensions["config"], **settings)


def by_phone(event: Event | None = None, **values: object) -> Booking:
    """Book for a family that has a mobile phone and no e-mail, and may be texted."""
    defaults = {"email": None, "phone": PHONE, "contact_by": ContactBy.PHONE, "may_text": True}
    return a_booking(event or an_event(), **defaults | values)  # type: ignore[arg-type]


class TestWhoGetsOne:
    def test_a_family_without_email_that_said_we_may(self, notify: Notify) -> None:
        booking = by_phone()
        deliver_messages()
        [text] = notify.texts
        assert text["phone_number"] == PHONE
        assert text["template_id"] == TEMPLATE
        [message] = outbox()
        assert (message.channel, message.status) == (Channel.TEXT, MessageStatus.SENT)
        assert text["reference"] == message.message_id
        assert booking.reference[:3] in notify.said[0] or "/bookings/" in notify.said[0]

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        "values",
        [{"may_text": False}, {"phone": "01632 960001"}, {"phone": "+33 6 12 34 56 78"}],
        ids=["not asked for", "landline", "abroad"],
    )
    def test_nobody_else_without_email(self, notify: Notify, values: dict[str, object]) -> None:
        by_phone(**values)
        deliver_messages()
        assert notify.texts == []
        assert outbox() == []

    @pytest.mark.one_database
    def test_with_email_only_what_cannot_wait_is_texted_too(self, notify: Notify, relay: Relay) -> None:
        booking = a_booking(an_event(), phone=PHONE, may_text=True)
        deliver_messages()
        assert (len(relay.mails), notify.texts) == (1, [])
        cancel(booking, by=CancelledBy.US)
        deliver_messages()
        assert (len(relay.mails), len(notify.texts)) == (2, 1)

    @pytest.mark.one_database
    def test_nothing_is_written_while_texts_are_off(self, in_app: Flask) -> None:
        assert not texts.are_on()
        by_phone()
        assert outbox() == []

    @pytest.mark.one_database
    def test_whoever_is_texted_is_not_on_the_list_to_ring_unless_it_failed(self, notify: Notify) -> None:
        event = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=5), 10))
        by_phone(event)
        silent = by_phone(event, may_text=False, phone="07700 900983")
        assert [row.booking_id for row in calls_due()] == [silent.id]
        notify.answers.append(400)
        deliver_messages()
        assert len(calls_due()) == 2

    @pytest.mark.one_database
    def test_a_number_that_changed_meanwhile_gets_nothing(self, notify: Notify) -> None:
        booking = by_phone()
        with transaction():
            db.session.get_one(Booking, booking.id).phone = "07700 900777"
        deliver_messages()
        assert notify.texts == []
        assert statuses() == ["confirmed: stale"]

    @pytest.mark.one_database
    def test_an_offer_at_night_waits_for_the_morning_and_a_confirmation_does_not(self, notify: Notify) -> None:
        booking = by_phone()
        with time_machine.travel("2026-06-16 22:30:00+00:00", tick=True), transaction():
            mine = db.session.get_one(Booking, booking.id)
            mine.offer_ends_at = clock.now() + timedelta(hours=20)
            tell_offer(mine)
            tell_link(mine)
        _confirmed, offer, link = outbox()
        assert clock.in_london(offer.not_before).hour == 8
        assert offer.not_before.day == 17
        assert clock.in_london(link.not_before).hour == 23


class TestReminders:
    def test_three_days_and_one_day_before_but_not_a_week(self, notify: Notify) -> None:
        booking = by_phone(an_event(starts_at=clock.london_time(clock.today() + timedelta(days=21), 10)))
        kinds = []
        for days in (7, 3, 1):
            with time_machine.travel(booking.starts_at - timedelta(days=days) + timedelta(hours=1), tick=True):
                due = reminders_due()
                kinds.append([each.kind for each in due])
                for each in due:
                    with transaction():
                        assert queue_reminders(each.event_id) == 1
                assert reminders_due() == []
        assert kinds == [[], [MessageKind.REMINDER_3_DAYS], [MessageKind.REMINDER_1_DAY]]

    @pytest.mark.parametrize("email", [None, "gwen@example.net"])
    def test_on_the_morning_only_to_who_asked_for_it(self, notify: Notify, relay: Relay, email: str | None) -> None:
        event = an_event()
        by_phone(event, email=email, wants_morning_text=True)
        by_phone(event, phone="07700 900001", email=email and "huw@example.net")
        for hour, minute in ((7, 59), (8, 0), (9, 30)):
            with time_machine.travel(clock.london_time(event.starts_at.date(), hour, minute), tick=True):
                tick()
        morning = [said for said in notify.said if "see you today" in said]
        assert len(morning) == 1
        assert morning[0].startswith("Kent PACT: see you today, Tue 30 Jun, 10am. Cannot come? Tell us. http")
        assert not any("today" in subject.casefold() for subject in relay.subjects), "nobody reads a mail in time"
        (row,) = [message for message in outbox() if message.kind == MessageKind.REMINDER_MORNING]
        assert row.channel == Channel.TEXT
        assert row.not_after == event.starts_at - timedelta(hours=1)

    def test_on_the_morning_comes_too_late_for_a_session_at_nine(self, notify: Notify) -> None:
        event = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=14), 9))
        by_phone(event, wants_morning_text=True)
        with time_machine.travel(clock.london_time(event.starts_at.date(), 8, 1), tick=True):
            tick()
        assert not any("see you today" in said for said in notify.said)

    def test_of_two_bookings_is_one_text_that_says_so(self, notify: Notify) -> None:
        event = an_event()
        by_phone(event)
        by_phone(event)
        with time_machine.travel(event.starts_at - timedelta(days=3), tick=True):
            tick()
        assert [said for said in notify.said if "see you" in said] == [
            "Kent PACT: see you on Tue 30 Jun, 10am. You have 2 bookings there. Cannot come to one? Ring 01632 960000."
        ]


class TestWhatItSays:
    @pytest.mark.one_database
    @pytest.mark.parametrize("lang", ["en", "easy", "pl"])
    @pytest.mark.parametrize("day", [27, 30], ids=["Sunday", "Wednesday"])
    @pytest.mark.parametrize("kind", sorted(TEXTED))
    def test_every_text_fits_with_its_link_in_the_longest_case(
        self, notify: Notify, in_app: Flask, kind: MessageKind, lang: str, day: int
    ) -> None:
        set_texts(in_app, public_url="https://bookings.kentpact.org.uk")
        needs = (Need("wheelchair_space", "my son Jamie"),)
        event = an_event(
            title="SEND and autism: EHC plans",
            starts_at=clock.london_time(clock.today().replace(month=9, day=day), 10, 30),
        )
        booking = by_phone(event, lang=lang, needs=needs, consents=(ConsentSubject.NEEDS,))
        booking.offer_ends_at = booking.starts_at - timedelta(days=7)
        was = {"starts_at": (booking.starts_at + timedelta(days=77)).isoformat()}
        said = text_in_words(kind, booking, facts={"was": was, "more": 2})
        assert length(said) <= LONGEST
        assert in_phone_letters(said) == said
        assert said.startswith("Kent PACT: ")
        assert re.search(r"https://bookings\.kentpact\.org\.uk(/\w+)?/bookings/[a-z0-9]{26}(?= |$)", said), said
        assert not re.search(r"\bSEND\b|autis|EHC|special|disab|Jamie|wheelchair|Adult", said, re.IGNORECASE)
        assert "  " not in said

    @pytest.mark.one_database
    @pytest.mark.parametrize("lang", ["en", "easy", "pl"])
    @pytest.mark.parametrize("kind", sorted(TEXTED))
    def test_nothing_runs_into_the_link_or_the_number_to_ring(
        self, notify: Notify, in_app: Flask, kind: MessageKind, lang: str
    ) -> None:
        booking = by_phone(an_event(venue_id=a_venue(name="Hop").id), lang=lang)
        booking.offer_ends_at = booking.starts_at - timedelta(days=7)
        was = {"starts_at": (booking.starts_at + timedelta(days=7)).isoformat()}
        said = text_in_words(kind, booking, facts={"was": was, "more": 2})
        assert our_sender(lang).booking_link(booking) in said.split()
        assert not re.search(r"[.:!?](?=[A-Za-z])(?!//)", re.sub(r"https?://\S+", "", said)), said

    @pytest.mark.one_database
    def test_a_place_is_named_where_it_fits_but_never_a_confidential_one(self, notify: Notify) -> None:
        open_to_all = by_phone(an_event(venue_id=a_venue(name="Oast Hall").id))
        hidden = by_phone(an_event(venue_id=a_venue(name="Hop Hall", is_confidential=True).id), phone="07700 900001")
        words = [text_in_words(MessageKind.REMINDER_1_DAY, each, facts=None) for each in (open_to_all, hidden)]
        assert "At Oast Hall. Tel 01632 960000" in words[0]
        assert "Hop Hall" not in words[1]

    @pytest.mark.one_database
    def test_the_day_and_the_hour_are_londons(self, notify: Notify) -> None:
        booking = by_phone(an_event(starts_at=clock.london_time(clock.today() + timedelta(days=14), 10)))
        deliver_messages()
        move(booking, days=1)
        deliver_messages()
        assert "you have a place on Tue 30 Jun, 10am." in notify.said[0]
        assert "Tue 30 Jun, 10am is now Wed 1 Jul, 10am." in notify.said[1]


class TestTheAnswers:
    def test_taken_is_sent_and_never_again(self, notify: Notify) -> None:
        by_phone()
        assert deliver_messages().sent == 1
        assert deliver_messages().sent == 0
        assert statuses() == ["confirmed: sent"]
        assert len(notify.asked) == 1

    @pytest.mark.one_database
    def test_the_token_is_signed_with_our_secret_and_names_our_service(self, notify: Notify) -> None:
        by_phone()
        deliver_messages()
        [asked] = notify.asked
        scheme, _space, token = asked["authorization"].partition(" ")
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        assert scheme == "Bearer"
        assert asked["path"] == "/v2/notifications/sms"
        assert claims["iss"] == SERVICE
        assert abs(claims["iat"] - clock.now().timestamp()) < 60
        assert jwt.get_unverified_header(token)["alg"] == "HS256"

    @pytest.mark.one_database
    def test_400_is_for_good_and_staff_are_told_to_ring(self, notify: Notify) -> None:
        by_phone()
        notify.answers.append(400)
        assert deliver_messages().failed == 1
        [message] = outbox()
        assert message.status == MessageStatus.FAILED
        assert "GOV.UK Notify refused it for good (400). Please ring them." in message.problem

    @pytest.mark.parametrize("code", [429, 500, 503])
    def test_a_passing_trouble_is_tried_again_later_and_arrives_once(self, notify: Notify, code: int) -> None:
        by_phone()
        notify.answers.append(code)
        assert deliver_messages().later == 1
        [message] = outbox()
        assert (message.status, message.data_started_at) == (MessageStatus.QUEUED, None)
        with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
            assert deliver_messages().sent == 1
        assert len(notify.texts) == 1

    @pytest.mark.one_database
    def test_a_wrong_key_lets_all_wait_and_asks_once(self, notify: Notify, in_app: Flask) -> None:
        set_texts(in_app, sms_api_key=KEY[:-1] + "1")
        event = an_event()
        for number in range(3):
            by_phone(event, phone=f"07700 90000{number}")
        assert deliver_messages().later == 3
        assert len(notify.asked) == 1
        assert {message.status for message in outbox()} == {MessageStatus.QUEUED}
        set_texts(in_app, sms_api_key=KEY)
        with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
            assert deliver_messages().sent == 3

    @pytest.mark.one_database
    def test_nobody_there_is_tried_again_later(self, notify: Notify, in_app: Flask) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            set_texts(in_app, sms_base_url=f"http://127.0.0.1:{probe.getsockname()[1]}")
        by_phone()
        assert deliver_messages().later == 1
        [message] = outbox()
        assert (message.status, message.data_started_at) == (MessageStatus.QUEUED, None)
        assert "GOV.UK Notify could not be reached" in message.problem

    @pytest.mark.parametrize("answer", [DROP, KEEP_AND_DROP, GARBLED])
    def test_a_line_that_breaks_leaves_it_unknown_and_it_is_never_sent_again(self, notify: Notify, answer: str) -> None:
        by_phone()
        notify.answers.append(answer)
        deliver_messages()
        with time_machine.travel(clock.now() + timedelta(hours=6), tick=True):
            deliver_messages()
        assert statuses() == ["confirmed: unknown"]
        assert len(notify.asked) == 1

    @pytest.mark.one_database
    def test_a_silent_one_is_given_up_after_the_time_out(self, notify: Notify, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(texts, "SECONDS", 0.3)
        event = an_event()
        by_phone(event)
        by_phone(event, phone="07700 900001")
        notify.answers.append(HANG)
        deliver_messages()
        assert sorted(statuses()) == ["confirmed: queued", "confirmed: unknown"]
        assert len(notify.asked) == 1

    def test_a_worker_killed_while_sending_sends_no_second_one(self, notify: Notify) -> None:
        by_phone()
        with transaction():
            [claim] = claim_messages()
        with transaction():
            letter = prepare_message(claim)
            assert isinstance(letter, Letter)
        with transaction():
            assert begin_data(claim, letter)
        with time_machine.travel(clock.now() + timedelta(minutes=6), tick=True):
            deliver_messages()
        assert statuses() == ["confirmed: unknown"]
        assert notify.asked == []

    @pytest.mark.one_database
    def test_mail_goes_on_while_texts_wait(self, notify: Notify, relay: Relay) -> None:
        event = an_event()
        notify.answers.extend([503])
        by_phone(event)
        a_booking(event)
        done = deliver_messages()
        assert (done.sent, done.later) == (1, 1)
        assert len(relay.mails) == 1


class TestSecrets:
    @pytest.mark.one_database
    @pytest.mark.parametrize("answer", [201, 400, 403, 500, DROP])
    def test_no_log_names_the_key_the_number_or_the_link(
        self, notify: Notify, answer: int | str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        by_phone()
        notify.answers.append(answer)
        deliver_messages()
        assert caplog.records
        for secret in (SECRET, KEY, "900982", "/bookings/", "Bearer"):
            assert secret not in caplog.text

    @pytest.mark.one_database
    def test_the_settings_do_not_show_the_key(self, notify: Notify, in_app: Flask) -> None:
        assert SECRET not in repr(in_app.extensions["config"])

    @pytest.mark.one_database
    def test_demonstration_families_are_texted_on_this_computer_alone(self, notify: Notify, in_app: Flask) -> None:
        booking = by_phone()
        with transaction():
            family = db.session.get_one(Booking, booking.id).family
            assert family is not None
            family.is_demo = True
        set_texts(in_app, sms_base_url="https://notify.example.org")
        deliver_messages()
        assert statuses() == ["confirmed: stale"]
        assert notify.asked == []


@pytest.mark.one_database
def test_a_text_is_sealed_like_a_mail(notify: Notify) -> None:
    by_phone()
    with transaction():
        queue(db.session.get_one(Booking, outbox()[0].booking_id), MessageKind.LINK, dedupe="x")
    raw = db.session.connection().exec_driver_sql("SELECT address, address_hash FROM message").all()
    assert raw
    assert not any("900982" in str(value) for row in raw for value in row)
    assert db.session.query(Message).count() == 2
