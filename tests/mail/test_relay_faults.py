"""Whatever a relay does at whatever step: what is about the family ends, what is about us or the moment waits."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from booking import clock, smtp
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import Booking
from booking.rules.relay_answers import Stage, Verdict, finer_code, verdict_on
from booking.rules.words import MessageKind, MessageStatus
from booking.services.notify import notify
from tests.cast import a_booking, an_event
from tests.mail.deeds import outbox, statuses
from tests.mail.moody_relay import ANSWER_AND_DROP, DROP, HANG, MoodyRelay, moody
from tests.mail.relay import point_at

pytestmark = pytest.mark.one_database

LATER = timedelta(minutes=2)


@pytest.fixture
def relay(in_app: Flask) -> Iterator[MoodyRelay]:
    """A relay that is friendly until told otherwise, with the app sending to it."""
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with moody(MoodyRelay()) as relay:
        point_at(in_app, relay)  # type: ignore[arg-type]
        yield relay
    vars(state).update(before)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait half a second where the system waits ten, or two minutes."""
    monkeypatch.setattr(smtp, "SECONDS", 0.5)
    monkeypatch.setattr(smtp, "SECONDS_TO_TAKE_IT", 0.5)


def a_reminder(summer: time_machine.Traveller) -> Booking:
    """Queue the reminder of three days before, and nothing else."""
    booking = a_booking(an_event())
    deliver_messages()
    summer.move_to(booking.event.starts_at - timedelta(days=3) + timedelta(minutes=5))
    with transaction():
        notify(db.session.get_one(Booking, booking.id), MessageKind.REMINDER_3_DAYS, dedupe="reminder:test")
    return booking


NOT_NOW, NEVER, OURS = "queued", "failed", "queued: look at"

REFUSALS = [
    ("connect", "421 too busy", NOT_NOW),
    ("connect", "450 not you, not now", NOT_NOW),
    ("connect", "554 no mail here", NOT_NOW),
    ("MAIL", "421 bye" + ANSWER_AND_DROP, NOT_NOW),
    ("MAIL", "451 4.3.0 trouble", NOT_NOW),
    ("MAIL", "452 4.3.1 disk full", NOT_NOW),
    ("MAIL", "501 5.1.7 bad sender", OURS),
    ("MAIL", "530 5.7.0 STARTTLS first", OURS),
    ("MAIL", "550 5.7.1 sender refused", OURS),
    ("MAIL", "553 5.7.1 not your address", OURS),
    ("RCPT", "421 bye" + ANSWER_AND_DROP, NOT_NOW),
    ("RCPT", "450 4.2.0 greylisted", NOT_NOW),
    ("RCPT", "452 4.5.3 too many", NOT_NOW),
    ("RCPT", "552 too many recipients", NOT_NOW),
    ("RCPT", "503 5.5.1 need MAIL first", OURS),
    ("RCPT", "530 authentication required", OURS),
    ("RCPT", "554 5.7.1 relay access denied", OURS),
    ("RCPT", "501 5.1.3 bad address", NEVER),
    ("RCPT", "550 5.1.1 no such person", NEVER),
    ("RCPT", "550 5.1.1 no such person" + ANSWER_AND_DROP, NEVER),
    ("RCPT", "551 gone elsewhere", NEVER),
    ("RCPT", "553 no such name", NEVER),
    ("RCPT", "556 takes no mail", NEVER),
    ("DATA", "421 bye" + ANSWER_AND_DROP, NOT_NOW),
    ("DATA", "451 not now", NOT_NOW),
    ("DATA", "503 5.5.1 no recipients", OURS),
    ("DATA", "554 no", NEVER),
    ("content", "421 bye" + ANSWER_AND_DROP, NOT_NOW),
    ("content", "451 4.7.1 try later", NOT_NOW),
    ("content", "452 4.3.1 disk full", NOT_NOW),
    ("content", "552 5.2.2 mailbox full", NOT_NOW),
    ("content", "552 5.3.4 too big", NEVER),
    ("content", "554 5.7.1 looks like spam", NEVER),
    ("content", "550 no", NEVER),
]


class TestARefusal:
    @pytest.mark.parametrize(("step", "answer", "expected"), REFUSALS)
    def test_ends_a_message_only_where_it_is_about_the_family(
        self, relay: MoodyRelay, summer: time_machine.Traveller, step: str, answer: str, expected: str
    ) -> None:
        relay.next[step].append(answer)
        a_booking(an_event())
        deliver_messages()
        (message,) = outbox()
        if expected == NEVER:
            assert message.status == MessageStatus.FAILED
            assert answer[:3] in message.problem
            assert "ring" in message.problem
        else:
            assert message.status == MessageStatus.QUEUED
            assert ("look at" in message.problem) == (expected == OURS)
            assert answer[:3] in message.problem
        assert relay.taken == []
        summer.shift(LATER)
        deliver_messages()
        assert statuses() == ["confirmed: failed" if expected == NEVER else "confirmed: sent"]
        assert len(relay.taken) == (expected != NEVER)

    @pytest.mark.parametrize(("step", "answer", "expected"), [each for each in REFUSALS if each[2] != NEVER])
    def test_lets_a_reminder_be_tried_again(
        self, relay: MoodyRelay, summer: time_machine.Traveller, step: str, answer: str, expected: str
    ) -> None:
        a_reminder(summer)
        relay.next[step].append(answer)
        deliver_messages()
        summer.shift(LATER)
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: sent"]
        assert len(relay.taken) == 2

    def test_greylisting_is_waited_out(self, relay: MoodyRelay, summer: time_machine.Traveller) -> None:
        relay.next["RCPT"].extend(["450 4.2.0 greylisted"] * 3)
        a_booking(an_event(), email="parent@example.net")
        for _ in range(40):
            deliver_messages()
            summer.shift(timedelta(minutes=1))
        assert statuses() == ["confirmed: sent"]
        assert outbox()[0].attempts == 4
        assert relay.recipients == ["parent@example.net"]

    def test_of_our_sender_holds_the_others_back_untouched(
        self, relay: MoodyRelay, summer: time_machine.Traveller
    ) -> None:
        relay.next["MAIL"].append("550 5.7.1 sender refused")
        event = an_event()
        for _ in range(5):
            a_booking(event)
        deliver_messages()
        assert [message.attempts for message in outbox()] == [1, 0, 0, 0, 0]
        assert {message.status for message in outbox()} == {MessageStatus.QUEUED}
        summer.shift(LATER)
        assert deliver_messages().sent == 5

    def test_of_an_address_that_needs_an_extension_is_the_address(self, relay: MoodyRelay) -> None:
        booking = a_booking(an_event())
        with transaction():
            (message,) = outbox()
            db.session.merge(message).address = "jürgen@example.net"
        a_booking(booking.event)
        deliver_messages()
        assert statuses() == ["confirmed: failed", "confirmed: sent"]

    def test_a_relay_that_hangs_up_on_a_kept_line_is_called_again_at_once(self, relay: MoodyRelay) -> None:
        relay.next["MAIL"].extend(["250 ok", "421 that was enough" + ANSWER_AND_DROP, "250 ok", DROP])
        event = an_event()
        for _ in range(3):
            a_booking(event)
        assert deliver_messages().sent == 3
        assert relay.talks == 3
        assert {message.attempts for message in outbox()} == {1}


class TestALineThatBreaks:
    @pytest.mark.parametrize("fault", [DROP, HANG])
    @pytest.mark.parametrize("step", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
    @pytest.mark.usefixtures("impatient")
    def test_before_the_message_left_doubles_nothing(
        self, relay: MoodyRelay, summer: time_machine.Traveller, step: str, fault: str
    ) -> None:
        relay.next[step].extend([fault] * (2 if step == "EHLO" else 1))
        relay.next["HELO"].append(DROP)
        a_booking(an_event())
        assert deliver_messages().later == 1
        relay.next.clear()
        summer.shift(LATER)
        deliver_messages()
        assert statuses() == ["confirmed: sent"]
        assert len(relay.taken) == 1

    def test_in_the_middle_of_the_message_an_invitation_is_sent_whole(
        self, relay: MoodyRelay, summer: time_machine.Traveller
    ) -> None:
        relay.drop_in_content_after = 500
        a_booking(an_event())
        assert deliver_messages().later == 1
        summer.shift(LATER)
        assert deliver_messages().sent == 1
        assert len(relay.taken) == 1

    @pytest.mark.parametrize("fault", [DROP, HANG])
    @pytest.mark.usefixtures("impatient")
    def test_before_the_last_answer_an_invitation_comes_twice_byte_for_byte(
        self, relay: MoodyRelay, summer: time_machine.Traveller, fault: str
    ) -> None:
        relay.next["content"].append(fault)
        a_booking(an_event())
        assert deliver_messages().later == 1
        kept = outbox()[0].rendered
        summer.shift(LATER)
        assert deliver_messages().sent == 1
        assert len(relay.taken) == (2 if fault == DROP else 1)
        assert set(relay.taken) == {kept}

    @pytest.mark.parametrize("fault", [DROP, HANG])
    @pytest.mark.usefixtures("impatient")
    def test_before_the_last_answer_a_reminder_is_never_repeated(
        self, relay: MoodyRelay, summer: time_machine.Traveller, fault: str
    ) -> None:
        a_reminder(summer)
        relay.next["content"].append(fault)
        deliver_messages()
        for _ in range(3):
            summer.shift(timedelta(hours=1))
            deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: unknown"]
        assert len(relay.taken) == (2 if fault == DROP else 1)

    @pytest.mark.parametrize("fault", [DROP, HANG])
    @pytest.mark.usefixtures("impatient")
    def test_twice_in_a_row_leaves_the_others_untouched_for_the_next_tick(
        self, relay: MoodyRelay, summer: time_machine.Traveller, fault: str
    ) -> None:
        relay.always["content"] = fault
        event = an_event()
        for _ in range(12):
            a_booking(event)
        assert deliver_messages().later == 2
        assert relay.lines.count("data") == 2
        assert [message.attempts for message in outbox()] == [1, 1] + [0] * 10
        assert {message.status for message in outbox()} == {MessageStatus.QUEUED}
        relay.always.clear()
        relay.taken.clear()
        summer.shift(LATER)
        assert deliver_messages().sent == 12
        assert len(relay.taken) == 12

    def test_now_and_then_stops_no_other(self, relay: MoodyRelay) -> None:
        relay.next["content"].extend([DROP, "250 taken", DROP, "550 no", DROP])
        event = an_event()
        for _ in range(6):
            a_booking(event)
        deliver_messages()
        assert [message.attempts for message in outbox()] == [1] * 6


class TestTheWayIn:
    def test_a_wrong_password_burns_no_message(
        self, in_app: Flask, relay: MoodyRelay, summer: time_machine.Traveller
    ) -> None:
        relay.extensions = ("AUTH PLAIN",)
        relay.always["AUTH"] = "535 5.7.8 no"
        state = in_app.extensions["mail"]
        state.username, state.password = "pact", "a wrong password"
        event = an_event(starts_at=clock.now() + timedelta(days=20))
        for _ in range(3):
            a_booking(event)
        for _ in range(30):
            deliver_messages()
            summer.shift(LATER)
        assert {message.status for message in outbox()} == {MessageStatus.QUEUED}
        assert "did not let us in" in outbox()[0].problem
        assert "(535)" in outbox()[0].problem
        relay.always.clear()
        summer.shift(timedelta(hours=5))
        assert deliver_messages().sent == 3

    def test_a_relay_without_tls_gets_nothing_where_tls_is_set(self, in_app: Flask, relay: MoodyRelay) -> None:
        state = in_app.extensions["mail"]
        state.use_tls, state.username, state.password = True, "pact", "a password for tests"
        a_booking(an_event())
        assert deliver_messages().later == 1
        assert not any(line.startswith(("AUTH", "MAIL")) for line in relay.lines)

    def test_a_certificate_nobody_vouches_for_is_said_to_staff(
        self, in_app: Flask, relay: MoodyRelay, certificate: Path, summer: time_machine.Traveller
    ) -> None:
        relay.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        relay.tls.load_cert_chain(certificate)
        relay.extensions, relay.always["STARTTLS"] = ("STARTTLS",), "220 go on"
        state = in_app.extensions["mail"]
        state.use_tls, state.username, state.password = True, "pact", "a password for tests"
        a_booking(an_event())
        assert deliver_messages().later == 1
        assert "certificate" in outbox()[0].problem
        assert not any(line.startswith(("AUTH", "MAIL")) for line in relay.lines)

    def test_a_relay_that_asks_for_tls_that_is_not_set_is_our_fault(
        self, relay: MoodyRelay, summer: time_machine.Traveller
    ) -> None:
        relay.always["MAIL"] = "530 5.7.0 Must issue a STARTTLS command first"
        a_booking(an_event())
        deliver_messages()
        assert "look at its settings" in outbox()[0].problem
        assert statuses() == ["confirmed: queued"]


class TestTheTable:
    @pytest.mark.parametrize("stage", list(Stage))
    def test_every_refusal_has_a_verdict_and_nothing_else_has(self, stage: Stage) -> None:
        assert all(verdict_on(stage, code) for code in range(400, 600))
        assert not any(verdict_on(stage, code) for code in (-1, 0, 199, 250, 354, 600))

    def test_4xx_is_never_final(self) -> None:
        for code in range(400, 500):
            assert {verdict_on(stage, code, finer=each) for stage in Stage for each in ("", "4.7.1", "5.1.1")} == {
                Verdict.NOT_NOW
            }

    def test_what_is_said_of_our_own_address_is_never_held_against_a_family(self) -> None:
        assert Verdict.NEVER not in {verdict_on(Stage.SENDER, code) for code in range(400, 600)}

    @pytest.mark.parametrize(
        ("text", "code"),
        [("5.1.1 no", "5.1.1"), ("4.7.0", "4.7.0"), ("no 5.1.1", ""), ("", ""), ("1.2.3 x", ""), ("5.1 x", "")],
    )
    def test_finer_codes_are_read_from_the_beginning(self, text: str, code: str) -> None:
        assert finer_code(text) == code
