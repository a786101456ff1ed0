"""A cap of mails per hour: shared by all workers, and what cannot wait goes first."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import Booking, Message
from booking.rules.delivery import mails_left
from booking.rules.words import MessageKind, MessageStatus
from booking.services.claim_messages import claim_messages
from booking.services.notify import notify
from tests.cast import a_booking, an_event
from tests.mail.deeds import change, outbox, statuses
from tests.mail.relay import Relay

Cap = Callable[[int], None]


@pytest.fixture
def cap(in_app: Flask) -> Iterator[Cap]:
    """Set how many mails may leave in an hour."""
    before = in_app.extensions["config"]

    def set_to(number: int) -> None:
        in_app.extensions["config"] = dataclasses.replace(before, mail_per_hour=number)

    yield set_to
    in_app.extensions["config"] = before


def links(number: int) -> Booking:
    """Queue so many mails to so many addresses."""
    booking = a_booking(an_event(), email=None, phone="01632 960111")
    with transaction():
        booking = db.session.get_one(Booking, booking.id)
        for each in range(number):
            notify(booking, MessageKind.LINK, dedupe=f"many:{each}", address=f"parent{each}@example.net")
    return booking


def reminders(number: int) -> None:
    """Queue so many reminders whose time is now."""
    event = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=3), 10), capacity=None)
    for _ in range(number):
        booking = a_booking(event)
        with transaction():
            booking = db.session.get_one(Booking, booking.id)
            booking.confirmed_at = clock.now() - timedelta(days=30)
            db.session.query(Message).filter(Message.booking_id == booking.id).delete()
            notify(booking, MessageKind.REMINDER_3_DAYS, dedupe="reminder:test")


def test_no_more_leave_in_an_hour(relay: Relay, cap: Cap, summer: time_machine.Traveller) -> None:
    cap(5)
    links(12)
    deliver_messages()
    deliver_messages()
    assert len(relay.raw) == 5
    summer.shift(timedelta(minutes=59))
    deliver_messages()
    assert len(relay.raw) == 5
    summer.shift(timedelta(minutes=2))
    deliver_messages()
    assert len(relay.raw) == 10
    summer.shift(timedelta(minutes=61))
    deliver_messages()
    assert len(relay.raw) == 12
    assert {message.attempts for message in outbox()} == {1}


def test_workers_share_it(app: Flask, relay: Relay, cap: Cap) -> None:
    cap(30)
    links(60)
    db.session.remove()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                deliver_messages()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert len(relay.raw) == 30


def test_what_was_taken_by_another_worker_counts_before_it_has_left(in_app: Flask, cap: Cap) -> None:
    cap(5)
    links(12)
    with transaction():
        assert len(claim_messages()) == 5
    with transaction():
        assert claim_messages() == []


def test_reminders_leave_a_part_of_it_for_what_cannot_wait(relay: Relay, cap: Cap) -> None:
    cap(10)
    reminders(12)
    deliver_messages()
    assert len(relay.raw) == 8
    booking = a_booking(an_event())
    deliver_messages()
    change(booking, room="Upstairs")
    deliver_messages()
    assert relay.subjects[8].startswith("Booked")
    assert relay.subjects[9].startswith("Changed")
    a_booking(an_event())
    deliver_messages()
    assert len(relay.raw) == 10


def test_without_a_cap_what_cannot_wait_goes_first_too(relay: Relay) -> None:
    reminders(3)
    a_booking(an_event())
    deliver_messages()
    assert [subject.partition(":")[0] for subject in relay.subjects] == ["Booked", *["Reminder"] * 3]


def test_a_text_is_not_held_back_by_it(in_app: Flask, cap: Cap) -> None:
    cap(1)
    links(3)
    with transaction():
        for message in outbox()[1:]:
            db.session.merge(message).channel = message.channel.TEXT
    with transaction():
        assert len(claim_messages()) == 3


def test_no_cap_is_the_default(relay: Relay) -> None:
    links(45)
    deliver_messages()
    assert len(relay.raw) == 45
    assert set(statuses()) == {"link: sent"}
    assert {message.status for message in outbox()} == {MessageStatus.SENT}


@pytest.mark.parametrize(
    ("an_hour", "sent", "urgent", "unhurried"),
    [(0, 99, None, None), (10, 0, 10, 8), (10, 8, 2, 0), (10, 11, 0, 0), (1, 0, 1, 1), (100, 79, 21, 1)],
)
def test_what_is_left(an_hour: int, sent: int, urgent: int | None, unhurried: int | None) -> None:
    left = mails_left(an_hour, sent=sent)
    assert (left.urgent, left.unhurried) == (urgent, unhurried)
