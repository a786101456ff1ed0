"""Who was there when something was raised is told once what came of it: in the morning, one mail for all answers."""

from __future__ import annotations

import threading
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import tick
from booking.models import Booking, Event, Issue, Message
from booking.rules.words import IssueOutcome, MessageKind, MessageStatus, Outcome
from booking.services.close_register import close_register
from booking.services.follow_issue import answer_issue, withdraw_issue
from booking.services.forget_family import forget_family
from tests.cast import a_booking, an_event, an_issue
from tests.mail.relay import Relay, text_of

SUBJECT = "You said, we did"
REASON = "The council now writes when a bus is late."


def held(*bookings: Booking, traveller: time_machine.Traveller, came: bool = True) -> Event:
    """Let the session of these bookings be over and its register be closed."""
    event = db.session.get_one(Event, bookings[0].event_id)
    if clock.now() < event.ends_at:
        traveller.move_to(event.ends_at + timedelta(minutes=5))
    answer = Outcome.ATTENDED if came else Outcome.DID_NOT_COME
    places = [place.id for booking in bookings for place in db.session.get_one(Booking, booking.id).places]
    with transaction():
        close_register(event.id, dict.fromkeys(places, answer), by=None)
    return event


def answered(issue: Issue, outcome: IssueOutcome = IssueOutcome.DONE, *, reason: str = REASON) -> Issue:
    number = issue.id
    with transaction():
        answer_issue(number, outcome, reason=reason)
    return db.session.get_one(Issue, number, populate_existing=True)


def next_day(traveller: time_machine.Traveller) -> None:
    traveller.move_to(clock.now() + timedelta(days=1))
    tick()
    tick()


def told(relay: Relay) -> list[str]:
    return [text_of(mail) for mail in relay.mails if mail["Subject"] == SUBJECT]


def told_rows() -> list[Message]:
    statement = select(Message).where(Message.kind == MessageKind.YOU_SAID_WE_DID).order_by(Message.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


class TestTheMail:
    def test_goes_in_the_morning_to_each_family_that_came(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        held(a_booking(event), a_booking(event, adults=2), traveller=summer)
        issue = answered(an_issue(event, text="The bus is always late"))
        assert (issue.contactable, issue.told) == (2, 2)
        tick()
        assert told(relay) == []
        next_day(summer)
        mails = told(relay)
        assert len(mails) == 2
        for mail in mails:
            assert "The bus is always late" in mail
            assert "The answer: Done" in mail
            assert REASON in mail
            assert f"/you-said-we-did/{issue.id}" in mail
            assert event.title not in mail

    def test_goes_once_however_often_the_answer_changes(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = held(a_booking(an_event()), traveller=summer)
        issue = an_issue(event)
        answered(issue, IssueOutcome.CANNOT_YET)
        answered(issue, IssueOutcome.CANNOT_YET, reason="Other words.")
        next_day(summer)
        answered(issue, IssueOutcome.DONE)
        next_day(summer)
        (mail,) = told(relay)
        assert "Other words." in mail

    def test_tells_of_all_that_was_answered_until_the_morning(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        one, other = an_event(), an_event()
        bookings = [a_booking(each, email="same@example.net") for each in (one, other)]
        for booking in bookings:
            held(booking, traveller=summer)
        first, second, third = an_issue(one, text="First"), an_issue(one, text="Second"), an_issue(other, text="Third")
        for issue in (first, second, third):
            assert answered(issue).told == 1
        next_day(summer)
        (mail,) = told(relay)
        assert all(word in mail for word in ("First", "Second", "Third"))
        later = answered(an_issue(one, text="Fourth"))
        assert later.told == 1
        next_day(summer)
        assert len(told(relay)) == 2

    def test_speaks_the_language_of_the_booking(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = held(a_booking(an_event(), lang="pl"), traveller=summer)
        issue = answered(an_issue(event))
        next_day(summer)
        (mail,) = (text_of(mail) for mail in relay.mails if mail["Subject"] == "Wy mówicie, my działamy")
        assert "Odpowiedź: Zrobione" in mail
        assert f"/pl/you-said-we-did/{issue.id}" in mail


class TestWhoIsNotTold:
    def test_who_did_not_come(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = held(a_booking(an_event()), traveller=summer, came=False)
        issue = answered(an_issue(event))
        assert (issue.contactable, issue.told) == (0, 0)
        next_day(summer)
        assert told(relay) == []

    def test_who_gave_a_phone_number_alone_but_they_are_counted(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        held(a_booking(event, email=None, phone="07700 900982"), a_booking(event), traveller=summer)
        issue = answered(an_issue(event))
        assert (issue.contactable, issue.told) == (2, 1)

    def test_who_was_forgotten(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        event, family = held(booking, traveller=summer), booking.family_id
        issue = an_issue(event)
        answered(issue)
        assert family is not None
        with transaction():
            forget_family(family, screen="staff.forget_family")
        next_day(summer)
        assert told(relay) == []

    def test_anybody_of_what_was_taken_off_before_the_morning(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = held(a_booking(an_event()), traveller=summer)
        issue = answered(an_issue(event))
        with transaction():
            withdraw_issue(issue.id)
        next_day(summer)
        assert told(relay) == []
        assert [row.status for row in told_rows()] == [MessageStatus.STALE]


def test_two_who_press_at_once_send_one_mail(
    app: Flask, in_app: Flask, summer: time_machine.Traveller, relay: Relay
) -> None:
    event = held(a_booking(an_event(), email="once@example.net"), traveller=summer)
    number = an_issue(event).id
    db.session.rollback()
    start = threading.Barrier(4)
    wrong: list[BaseException] = []

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    answer_issue(number, IssueOutcome.DONE, reason=REASON)
            except BaseException as error:
                wrong.append(error)

    threads = [threading.Thread(target=press) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(told_rows()) == 1
    next_day(summer)
    assert len(told(relay)) == 1
