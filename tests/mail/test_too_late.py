"""With the relay away until it is too late, nothing leaves that is of no use any more; staff are told whom to ring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.models import Booking, Event, Message
from booking.rules.words import MessageKind, MessageStatus
from booking.services.notify import as_it_is, notify, tell_link, tell_offer_lapsed, tell_places_added, tell_postponed
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, change, outbox
from tests.mail.relay import Relay, point_at

Deed = Callable[[Booking], None]


def _in_one(deed: Deed) -> Deed:
    def do(booking: Booking) -> None:
        with transaction():
            deed(db.session.get_one(Booking, booking.id))

    return do


def _postpone(booking: Booking) -> None:
    booking.event.new_date_pending = True
    tell_postponed(booking, as_it_is(booking.event))


DEEDS: dict[str, Deed] = {
    "confirmed": lambda _booking: None,
    "changed": lambda booking: change(booking, room="Upstairs"),
    "postponed": _in_one(_postpone),
    "places added": _in_one(lambda booking: tell_places_added(booking, more=1)),
    "offer lapsed": _in_one(tell_offer_lapsed),
    "cancelled": cancel,
    "link": _in_one(tell_link),
}


@pytest.mark.parametrize("name", DEEDS)
def test_after_the_session_began_nothing_leaves(
    in_app: Flask, relay: Relay, summer: time_machine.Traveller, name: str
) -> None:
    point_at(in_app, Relay())
    booking = a_booking(an_event(starts_at=clock.now() + timedelta(hours=25)))
    DEEDS[name](booking)
    deliver_messages()
    summer.shift(timedelta(hours=25, minutes=1))
    point_at(in_app, relay)
    deliver_messages()
    assert relay.raw == []
    assert {message.status for message in outbox()} <= {MessageStatus.FAILED, MessageStatus.STALE}


def test_an_offer_does_not_leave_once_it_has_ended(in_app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event(capacity=1)
    first = a_booking(event)
    a_booking(event)
    deliver_messages()
    cancel(first)
    offer = _latest(MessageKind.OFFER)
    ends_at: datetime | None = offer.not_after
    assert ends_at
    point_at(in_app, Relay())
    deliver_messages()
    summer.move_to(ends_at + timedelta(seconds=1))
    point_at(in_app, relay)
    deliver_messages()
    assert _latest(MessageKind.OFFER).status == MessageStatus.STALE
    assert not any("offer" in subject.lower() for subject in relay.subjects)


def test_a_reminder_does_not_leave_after_its_time(in_app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    deliver_messages()
    summer.move_to(clock.london_time(clock.in_london(event.starts_at).date() - timedelta(days=1), 11))
    with transaction():
        notify(
            db.session.get_one(Booking, booking.id),
            MessageKind.REMINDER_1_DAY,
            dedupe="reminder:test",
            not_after=clock.now() + timedelta(hours=7),
        )
    point_at(in_app, Relay())
    deliver_messages()
    for later in (event.starts_at - timedelta(minutes=1), event.starts_at + timedelta(minutes=1)):
        summer.move_to(later)
        point_at(in_app, relay)
        deliver_messages()
    assert _latest(MessageKind.REMINDER_1_DAY).status == MessageStatus.STALE
    assert len(relay.raw) == 1


def test_there_is_a_last_try_before_the_session_begins(
    in_app: Flask, relay: Relay, summer: time_machine.Traveller
) -> None:
    point_at(in_app, Relay())
    event = an_event(starts_at=clock.now() + timedelta(hours=3))
    a_booking(event)
    latest = clock.now()
    while (message := outbox()[0]).status == MessageStatus.QUEUED and message.next_attempt_at < event.starts_at:
        latest = message.next_attempt_at
        summer.move_to(latest + timedelta(seconds=1))
        deliver_messages()
    assert event.starts_at - latest < timedelta(minutes=5)
    assert outbox()[0].attempts < 30
    summer.move_to(db.session.get_one(Event, event.id).starts_at + timedelta(minutes=2))
    deliver_messages()
    assert "ring" in outbox()[0].problem


def _latest(kind: MessageKind) -> Message:
    return next(message for message in reversed(outbox()) if message.kind == kind)
