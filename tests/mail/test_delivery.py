"""The outbox through a real relay: in order, nothing lost, nothing doubled that must not be."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver, deliver_messages, tick
from booking.jobs.mail_line import Mails
from booking.models import Booking
from booking.rules.words import CancelledBy, MessageKind, MessageStatus
from booking.services.about_booking import AboutBooking
from booking.services.claim_messages import Claim, claim_messages
from booking.services.notify import notify
from booking.services.prepare_message import Letter, begin_data, prepare_message
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, change, move, outbox, statuses, unfinished
from tests.mail.relay import DROP, KEEP_AND_DROP, Relay, calendar_of, point_at


def remind(booking: Booking) -> None:
    """Queue the reminder of three days before."""
    with transaction():
        booking = db.session.get_one(Booking, booking.id)
        assert notify(booking, MessageKind.REMINDER_3_DAYS, dedupe="reminder:test")


class TestARelayThatWorks:
    def test_sends_everything_over_one_line(self, relay: Relay) -> None:
        event = an_event()
        for _ in range(5):
            a_booking(event)
        assert deliver_messages().sent == 5
        assert statuses() == ["confirmed: sent"] * 5
        assert relay.sessions == 1

    def test_the_envelope_has_one_recipient_and_our_own_address(self, relay: Relay) -> None:
        booking = a_booking(an_event())
        deliver_messages()
        assert relay.envelopes == [("bookings@pact.example.org", [booking.email])]

    def test_a_sent_message_keeps_no_bytes_and_is_not_sent_again(self, relay: Relay) -> None:
        a_booking(an_event())
        deliver_messages()
        deliver_messages()
        assert len(relay.raw) == 1
        assert outbox()[0].rendered is None

    def test_nobody_is_written_to_without_an_address(self, relay: Relay) -> None:
        a_booking(an_event(), email=None, phone="01632 960111")
        assert deliver_messages().sent == 0
        assert outbox() == []


class TestARelayThatIsDown:
    def test_everything_leaves_in_order_when_it_is_back_after_an_hour(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        point_at(in_app, Relay())
        bookings = [a_booking(an_event()) for _ in range(3)]
        deliver_messages()
        for booking in bookings:
            move(booking, days=1)
        for _ in range(60):
            summer.shift(timedelta(minutes=1))
            deliver_messages()
        assert unfinished() == 6
        assert relay.raw == []
        point_at(in_app, relay)
        for _ in range(90):
            summer.shift(timedelta(minutes=1))
            deliver_messages()
        assert statuses() == ["confirmed: sent"] * 3 + ["changed: sent"] * 3
        for booking in bookings:
            mine = [mail for mail in relay.mails if mail["To"] == booking.email]
            assert [str(mail["Subject"]).partition(":")[0] for mail in mine] == ["Booked", "Changed"]

    def test_bookings_go_on(self, in_app: Flask, relay: Relay) -> None:
        point_at(in_app, Relay())
        event = an_event()
        a_booking(event)
        deliver_messages()
        assert a_booking(event).reference
        assert unfinished() == 2

    def test_waits_longer_each_time(self, in_app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
        point_at(in_app, Relay())
        a_booking(an_event(starts_at=clock.now() + timedelta(days=30)))
        waits = []
        for _ in range(6):
            deliver_messages()
            waits.append((outbox()[0].next_attempt_at - clock.now()).total_seconds() / 60)
            summer.move_to(outbox()[0].next_attempt_at + timedelta(seconds=1))
        for wait, expected in zip(waits, [1, 5, 15, 60, 240, 240], strict=True):
            assert 0.85 * expected < wait < 1.15 * expected

    def test_gives_up_when_the_session_has_begun(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        point_at(in_app, Relay())
        event = an_event(starts_at=clock.now() + timedelta(hours=30))
        a_booking(event)
        deliver_messages()
        summer.shift(timedelta(hours=31))
        point_at(in_app, relay)
        deliver_messages()
        assert statuses() == ["confirmed: failed"]
        assert "ring" in outbox()[0].problem
        assert relay.raw == []


class TestARelayThatSaysNo:
    @pytest.mark.parametrize("stage", ["rcpt", "data"])
    def test_not_now_is_tried_again(self, relay: Relay, summer: time_machine.Traveller, stage: str) -> None:
        getattr(relay, stage).append("450 try later")
        a_booking(an_event())
        assert deliver_messages().later == 1
        assert deliver_messages().sent == 0
        summer.shift(timedelta(minutes=2))
        assert deliver_messages().sent == 1
        assert outbox()[0].attempts == 2

    @pytest.mark.parametrize("stage", ["rcpt", "data"])
    def test_never_is_not_tried_again(self, relay: Relay, summer: time_machine.Traveller, stage: str) -> None:
        getattr(relay, stage).append("550 no such person")
        a_booking(an_event())
        assert deliver_messages().failed == 1
        summer.shift(timedelta(hours=5))
        deliver_messages()
        assert statuses() == ["confirmed: failed"]
        assert "550" in outbox()[0].problem
        assert relay.raw == []

    def test_the_others_go_on(self, relay: Relay) -> None:
        relay.rcpt.extend(["450 later", "550 never"])
        event = an_event()
        for _ in range(4):
            a_booking(event)
        deliver_messages()
        assert [message.status for message in outbox()] == [
            MessageStatus.QUEUED,
            MessageStatus.FAILED,
            MessageStatus.SENT,
            MessageStatus.SENT,
        ]

    def test_a_reminder_refused_for_now_is_tried_again(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = _booked_a_while_ago(summer)
        relay.data.append("451 not now")
        remind(booking)
        deliver_messages()
        summer.shift(timedelta(minutes=2))
        assert deliver_messages().sent == 1


class TestALineThatBreaks:
    def test_an_invitation_is_repeated_byte_for_byte(self, relay: Relay, summer: time_machine.Traveller) -> None:
        relay.data.append(KEEP_AND_DROP)
        booking = a_booking(an_event())
        deliver_messages()
        assert statuses() == ["confirmed: queued"]
        change(booking, room="Upstairs")
        summer.shift(timedelta(minutes=2))
        deliver_messages()
        assert len(relay.raw) == 3
        assert relay.raw[0] == relay.raw[1]
        assert relay.mails[0]["Message-ID"] != relay.mails[2]["Message-ID"]

    def test_a_reminder_is_not_repeated(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = _booked_a_while_ago(summer)
        relay.data.append(KEEP_AND_DROP)
        remind(booking)
        deliver_messages()
        summer.shift(timedelta(hours=5))
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: unknown"]
        assert len(relay.raw) == 2

    def test_a_line_that_breaks_before_the_mail_left_loses_nothing(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = _booked_a_while_ago(summer)
        relay.rcpt.append(DROP)
        remind(booking)
        deliver_messages()
        summer.shift(timedelta(minutes=2))
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: sent"]


class TestAWorkerThatDies:
    """What a killed worker leaves behind is what its last commit said."""

    def test_after_it_took_a_message(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event())
        with transaction():
            assert len(claim_messages()) == 1
        deliver_messages()
        assert relay.raw == []
        summer.shift(timedelta(minutes=6))
        deliver_messages()
        assert len(relay.raw) == 1

    def test_after_the_bytes_of_an_invitation_may_have_left(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event())
        raw = self.die_in_data()
        summer.shift(timedelta(minutes=6))
        deliver_messages()
        assert relay.raw == [raw]
        assert statuses() == ["confirmed: sent"]

    def test_after_the_bytes_of_a_reminder_may_have_left(self, relay: Relay, summer: time_machine.Traveller) -> None:
        remind(_booked_a_while_ago(summer))
        self.die_in_data()
        summer.shift(timedelta(minutes=6))
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: unknown"]
        assert len(relay.raw) == 1

    def test_one_that_was_only_slow_loses_its_claim(self, relay: Relay, summer: time_machine.Traveller) -> None:
        a_booking(an_event())
        with transaction():
            (claim,) = claim_messages()
        summer.shift(timedelta(minutes=6))
        deliver_messages()
        with transaction():
            assert prepare_message(claim) is None
        assert statuses() == ["confirmed: sent"]

    def test_one_whose_relay_held_the_line_until_the_session_began_is_for_staff_to_ring(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        a_booking(an_event(starts_at=clock.now() + timedelta(minutes=2)))
        with transaction():
            (claim,) = claim_messages()
        with transaction():
            letter = prepare_message(claim)
        assert letter
        summer.shift(timedelta(minutes=3))
        with transaction():
            assert not begin_data(claim, letter)
        assert statuses() == ["confirmed: failed"]
        assert outbox()[0].problem == "It could not be sent in time. Please ring the family."

    @staticmethod
    def die_in_data() -> bytes:
        with transaction():
            (claim,) = claim_messages()
        with transaction():
            letter = prepare_message(claim)
        assert letter
        with transaction():
            assert begin_data(claim, letter)
        return letter.raw


class TestMessagesThatAreNoLongerTrue:
    def test_a_cancelled_family_gets_a_plain_mail_if_no_invitation_ever_left(
        self, in_app: Flask, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        point_at(in_app, Relay())
        booking = a_booking(an_event())
        deliver_messages()
        change(booking, room="Upstairs")
        cancel(booking)
        point_at(in_app, relay)
        summer.shift(timedelta(minutes=2))
        deliver_messages()
        assert statuses() == ["confirmed: stale", "changed: stale", "cancelled_by_family: sent"]
        assert calendar_of(relay.mails[0]) is None

    def test_two_moves_become_one_mail_that_tells_the_time_the_family_knew(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event(starts_at=clock.london_time(clock.today() + timedelta(days=14), 10)))
        deliver_messages()
        move(booking, days=1)
        move(booking, days=1)
        deliver_messages()
        assert statuses() == ["confirmed: sent", "changed: stale", "changed: sent"]
        body = relay.raw[-1].decode()
        assert "New time: Thursday 2 July 2026" in body
        assert "Old time: Tuesday 30 June 2026" in body

    def test_a_reminder_does_not_go_to_somebody_who_cancelled(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = _booked_a_while_ago(summer)
        remind(booking)
        cancel(booking, CancelledBy.FAMILY)
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: stale", "cancelled_by_family: sent"]

    def test_a_reminder_that_waits_for_its_next_try_holds_nothing_up(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = _booked_a_while_ago(summer)
        relay.rcpt.append("450 later")
        remind(booking)
        deliver_messages()
        change(booking, room="Upstairs")
        deliver_messages()
        assert statuses() == ["confirmed: sent", "reminder_3_days: queued", "changed: sent"]


class TestDemonstrationFamilies:
    def test_their_messages_never_leave_this_computer(self, in_app: Flask, relay: Relay) -> None:
        a_demo_booking()
        server = in_app.config["MAIL_SERVER"]
        in_app.config["MAIL_SERVER"] = "smtp.example.org"
        try:
            deliver_messages()
        finally:
            in_app.config["MAIL_SERVER"] = server
        assert relay.raw == []
        assert outbox()[-1].status == MessageStatus.STALE
        assert "computer" in outbox()[-1].problem

    def test_they_reach_the_local_mailbox(self, relay: Relay) -> None:
        a_demo_booking()
        deliver_messages()
        assert len(relay.raw) == 1


class TestTheLog:
    def test_names_no_address(self, relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
        relay.rcpt.extend(["550 parent@example.net is unknown", "450 parent@example.net later"])
        event = an_event()
        with caplog.at_level(logging.DEBUG):
            for _ in range(3):
                a_booking(event)
            tick()
        ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # the relay's own
        assert "message" in " ".join(ours)
        assert "@" not in " ".join(ours)
        assert "@" not in " ".join(message.problem for message in outbox())


class TestAMessageThatCannotBeWritten:
    def test_fails_alone_and_says_nothing_personal(self, relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
        event = an_event()
        a_booking(event)
        a_booking(event)
        with transaction():
            message = outbox()[0]
            db.session.merge(message).address = "parent@exa\nmple.net"
        deliver_messages()
        assert statuses() == ["confirmed: failed", "confirmed: sent"]
        assert "ValueError" in caplog.text
        assert "parent@" not in " ".join(record.getMessage() for record in caplog.records if record.name != "mail.log")


def a_demo_booking() -> Booking:
    """Book for a family of the demonstration."""
    booking = a_booking(an_event())
    with transaction():
        family = db.session.get_one(Booking, booking.id).family
        assert family
        family.is_demo = True
    return booking


def _booked_a_while_ago(summer: time_machine.Traveller) -> Booking:
    """Book a session two weeks ahead, and let the time come when its reminder of three days before is open."""
    booking = a_booking(an_event())
    deliver_messages()
    summer.move_to(booking.event.starts_at - timedelta(days=3) + timedelta(minutes=5))
    return booking


class TestLettersWrittenAhead:
    """What a worker took is written in one read; a letter that has waited for its turn is written anew."""

    def test_a_batch_is_written_at_once(self, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
        written: list[int] = []
        whole = deliver.write_letters
        monkeypatch.setattr(deliver, "write_letters", lambda claims: written.append(len(claims)) or whole(claims))
        for _ in range(3):
            a_booking(an_event())
        assert deliver_messages().sent == 3
        assert written == [3]
        assert len(relay.raw) == 3

    @pytest.mark.parametrize(
        ("fresh", "second_mail", "takes_back"),
        [(0.0, "stale", False), (60.0, "sent", True)],
        ids=["waited", "just written"],
    )
    def test_a_booking_cancelled_before_its_turn_ends_without_an_entry(
        self, relay: Relay, monkeypatch: pytest.MonkeyPatch, fresh: float, second_mail: str, takes_back: bool
    ) -> None:
        monkeypatch.setattr(deliver, "FRESH", fresh)
        event = an_event()
        a_booking(event)
        second = a_booking(event)
        _after_the_first_mail(monkeypatch, lambda: cancel(second))
        deliver_messages()
        assert statuses() == ["confirmed: sent", f"confirmed: {second_mail}", "cancelled_by_family: sent"]
        assert (b"METHOD:CANCEL" in (calendar_of(relay.mails[-1]) or b"")) is takes_back

    def test_what_left_is_noted_though_the_next_one_cannot_be_written(
        self, relay: Relay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = a_booking(an_event()), a_booking(an_event())
        whole = AboutBooking.write

        def write(about: AboutBooking) -> bytes:
            if about.booking.id == second.id:
                raise RuntimeError("a template is broken")
            return whole(about)

        monkeypatch.setattr(AboutBooking, "write", write)
        deliver_messages()
        assert statuses() == ["confirmed: sent", "confirmed: failed"]
        assert relay.envelopes == [("bookings@pact.example.org", [first.email])]


def _after_the_first_mail(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], None]) -> None:
    whole, deeds = Mails.send, [deed]

    def send(mails: Mails, claim: Claim, letter: Letter) -> bool:
        went = whole(mails, claim, letter)
        if deeds:
            deeds.pop()()
        return went

    monkeypatch.setattr(Mails, "send", send)
