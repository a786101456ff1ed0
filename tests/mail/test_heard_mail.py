"""Who came is told once, in the morning, what was heard; again only where staff ask for it."""

from __future__ import annotations

import threading
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import tick
from booking.models import Booking, Event, Message
from booking.rules.words import CorrectionReason, MessageKind, MessageStatus, Outcome
from booking.services.close_register import close_register
from booking.services.forget_family import forget_family
from booking.services.record_attendance import record_outcome
from booking.services.write_heard import write_heard
from tests.cast import a_booking, an_event
from tests.mail.relay import Relay, page_of, text_of

SUBJECT = "What we heard"
NOTE = "You told us that <b>the bus</b> is late.\n\n- We asked the council.\n- We ask again."


def over(event: Event, traveller: time_machine.Traveller) -> None:
    traveller.move_to(event.ends_at + timedelta(minutes=5))


def closed(*bookings: Booking, outcome: Outcome = Outcome.ATTENDED) -> None:
    places = [place.id for booking in bookings for place in db.session.get_one(Booking, booking.id).places]
    with transaction():
        close_register(bookings[0].event_id, dict.fromkeys(places, outcome), by=None)


def written(event: Event, text: str = NOTE, *, again: bool = False) -> None:
    with transaction():
        write_heard(event.id, text, again=again)


def next_day(traveller: time_machine.Traveller) -> None:
    traveller.move_to(clock.now() + timedelta(days=1))
    tick()
    tick()


def told(relay: Relay) -> list[str]:
    return [text_of(mail) for mail in relay.mails if mail["Subject"] == SUBJECT]


def rows() -> list[Message]:
    statement = select(Message).where(Message.kind == MessageKind.WHAT_WE_HEARD).order_by(Message.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def test_each_family_that_came_reads_the_note_itself(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    first, second = a_booking(event), a_booking(event, adults=2)
    over(event, summer)
    closed(first, second)
    written(event)
    tick()
    assert told(relay) == [], "it can still be put right until the morning"
    next_day(summer)
    mails = [mail for mail in relay.mails if mail["Subject"] == SUBJECT]
    assert len(mails) == 2
    for mail in mails:
        assert NOTE in text_of(mail).replace("\r\n", "\n")
        assert "/bookings/" in text_of(mail)
        html = page_of(mail)
        assert "&lt;b&gt;the bus&lt;/b&gt;" in html
        assert html.count("<li>") == 2
        assert not list(mail.iter_attachments())


def test_who_did_not_come_gets_nothing(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking, outcome=Outcome.DID_NOT_COME)
    written(event)
    next_day(summer)
    assert told(relay) == []
    assert rows() == []


def test_a_note_before_the_register_is_closed_waits_for_it(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    written(event)
    assert rows() == [], "nobody knows yet who came"
    closed(booking)
    next_day(summer)
    assert len(told(relay)) == 1


def test_it_goes_once_however_often_it_is_corrected(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking)
    written(event)
    written(event, "Better words.")
    next_day(summer)
    assert ["Better words." in mail for mail in told(relay)] == [True], "what waits says what is true when it leaves"
    written(event, "Still better words.")
    next_day(summer)
    assert len(told(relay)) == 1


def test_it_goes_again_where_staff_ask_for_it(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking)
    written(event)
    written(event, "Other words.", again=True)
    next_day(summer)
    assert len(told(relay)) == 1, "the first had not left: it says all"
    written(event, "What the council answered.", again=True)
    next_day(summer)
    assert ["What the council answered." in mail for mail in told(relay)] == [False, True]


def test_who_was_recorded_by_mistake_gets_nothing(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking)
    written(event)
    with transaction():
        place = db.session.get_one(Booking, booking.id).places[0]
        record_outcome(place.id, Outcome.DID_NOT_COME, by=None, why=CorrectionReason.WRONG_PERSON)
    next_day(summer)
    assert told(relay) == []
    assert rows()[0].status == MessageStatus.STALE


def test_an_erased_family_gets_nothing(relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking)
    written(event)
    with transaction():
        forget_family(db.session.get_one(Booking, booking.id).family_id or 0, screen="test")
    next_day(summer)
    assert told(relay) == []


def test_two_who_press_at_once_send_one_mail(app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event()
    booking = a_booking(event)
    over(event, summer)
    closed(booking)
    number, start = event.id, threading.Barrier(2)
    db.session.rollback()

    def press() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                write_heard(number, NOTE)

    pressed = [threading.Thread(target=press) for _ in range(2)]
    for each in pressed:
        each.start()
    for each in pressed:
        each.join()
    next_day(summer)
    assert len(told(relay)) == 1
