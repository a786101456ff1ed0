"""Who came is thanked once and asked how it was; who has not said is asked once more, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import feedback_token
from booking.jobs import tick
from booking.models import Booking, Event, Feedback, Message
from booking.rules.feedback import Answers
from booking.rules.words import BookingStatus, MessageKind, MessageStatus, Outcome
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.close_register import close_register
from booking.services.forget_family import forget_family
from booking.services.keep_feedback import answer_by_link, keep_before
from booking.services.notify import tell_link
from booking.services.thank_families import ask_again
from tests.cast import a_booking, an_event
from tests.mail.relay import Relay, text_of

THANKS, AGAIN = "Thank you for coming", "How was it? Three taps are enough"


def held(*bookings: Booking, traveller: time_machine.Traveller, came: bool = True) -> Event:
    """Let the session of these bookings be over and its register be closed."""
    event = db.session.get_one(Event, bookings[0].event_id)
    traveller.move_to(event.ends_at + timedelta(minutes=5))
    answer = Outcome.ATTENDED if came else Outcome.DID_NOT_COME
    places = [place.id for booking in bookings for place in db.session.get_one(Booking, booking.id).places]
    with transaction():
        close_register(event.id, dict.fromkeys(places, answer), by=None)
    tick()
    return event


def later(traveller: time_machine.Traveller, *, days: float) -> None:
    traveller.move_to(clock.now() + timedelta(days=days))
    tick()
    tick()


def about_feedback(relay: Relay) -> list[str]:
    return [subject for subject in relay.subjects if subject in (THANKS, AGAIN)]


class TestThanks:
    def test_go_once_to_each_family_that_came_with_a_link_of_its_own(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        bookings = [a_booking(event, adults=2), a_booking(event)]
        held(*bookings, traveller=summer)
        with transaction():
            close_register(event.id, {}, by=None)
        tick()
        assert about_feedback(relay) == [THANKS] * 2
        said = "".join(text_of(mail) for mail in relay.mails if mail["Subject"] == THANKS)
        for booking in bookings:
            assert f"/feedback/{feedback_token(booking)}" in said

    def test_the_subject_says_nothing_of_the_session(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = held(a_booking(an_event()), traveller=summer)
        assert event.title not in "".join(about_feedback(relay))

    def test_who_did_not_come_is_not_thanked(self, relay: Relay, summer: time_machine.Traveller) -> None:
        held(a_booking(an_event()), traveller=summer, came=False)
        assert about_feedback(relay) == []

    def test_a_family_with_two_bookings_is_thanked_once_where_it_answered_before(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        first, second = (a_booking(event, email="two@example.net") for _each in range(2))
        with transaction():
            keep_before(second.id, {"before_confident": 2})
        held(first, second, traveller=summer)
        assert about_feedback(relay) == [THANKS]
        assert db.session.scalars(select(Feedback.booking_id)).all() == [second.id]

    def test_no_text_and_no_anonymous_walk_in(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        booking = a_booking(event, email=None, phone="07700 900982")
        summer.move_to(event.starts_at)
        with transaction():
            add_walk_in(WalkIn(event_id=event.id), by=None)
        held(booking, traveller=summer)
        assert about_feedback(relay) == []
        assert db.session.scalars(select(Feedback)).all() == []

    def test_wait_until_the_session_is_over(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        booking = a_booking(event)
        summer.move_to(event.starts_at + timedelta(minutes=20))
        with transaction():
            close_register(event.id, {booking.places[0].id: Outcome.ATTENDED}, by=None)
        tick()
        assert about_feedback(relay) == []
        summer.move_to(event.ends_at + timedelta(minutes=1))
        tick()
        assert about_feedback(relay) == [THANKS]

    @pytest.mark.one_database
    @pytest.mark.parametrize(("closed", "leaves"), [("21:40", "2026-07-01 08:00"), ("00:20", "2026-07-01 08:00")])
    def test_of_an_evening_wait_for_the_morning(
        self, relay: Relay, summer: time_machine.Traveller, closed: str, leaves: str
    ) -> None:
        event = an_event(starts_at=clock.london_time(date(2026, 6, 30), 19))
        booking = a_booking(event)
        day = date(2026, 6, 30) + timedelta(days=closed < "12")
        summer.move_to(clock.london_time(day, *map(int, closed.split(":"))))
        with transaction():
            close_register(event.id, {booking.places[0].id: Outcome.ATTENDED}, by=None)
        tick()
        assert about_feedback(relay) == []
        message = db.session.scalars(select(Message).where(Message.kind == MessageKind.THANK_YOU)).one()
        assert f"{clock.in_london(message.not_before):%Y-%m-%d %H:%M}" == leaves
        summer.move_to(message.not_before)
        tick()
        assert about_feedback(relay) == [THANKS]

    def test_keep_nothing_else_waiting_and_are_not_hurried_by_it(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        event = an_event()
        booking = a_booking(event)
        summer.move_to(event.starts_at + timedelta(minutes=20))
        tick()
        with transaction():
            close_register(event.id, {booking.places[0].id: Outcome.ATTENDED}, by=None)
            tell_link(db.session.get_one(Booking, booking.id))
        tick()
        assert relay.subjects[-1].startswith("The link to your booking")
        assert about_feedback(relay) == []

    def test_a_register_closed_after_60_days_asks_nobody(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        booking = a_booking(event)
        summer.move_to(event.starts_at + timedelta(days=61))
        with transaction():
            close_register(event.id, {booking.places[0].id: Outcome.ATTENDED}, by=None)
        tick()
        assert about_feedback(relay) == []

    def test_an_erased_family_gets_none(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = an_event()
        booking = a_booking(event)
        summer.move_to(event.ends_at + timedelta(minutes=5))
        with transaction():
            close_register(event.id, {booking.places[0].id: Outcome.ATTENDED}, by=None)
            forget_family(booking.family_id or 0, screen="test")
        tick()
        assert about_feedback(relay) == []


class TestTheReminder:
    def test_comes_once_a_week_later_by_day(self, relay: Relay, summer: time_machine.Traveller) -> None:
        held(a_booking(an_event()), traveller=summer)
        later(summer, days=6.9)
        assert about_feedback(relay) == [THANKS]
        later(summer, days=0.4)  # the evening: London sleeps soon
        summer.move_to(clock.london_time(clock.today(), 23))
        for hour in (23, 32, 56):
            summer.move_to(clock.london_time(clock.today(), 0) + timedelta(hours=hour))
            tick()
        later(summer, days=8)
        assert about_feedback(relay) == [THANKS, AGAIN]

    def test_does_not_come_at_night(self, relay: Relay, summer: time_machine.Traveller) -> None:
        event = held(a_booking(an_event()), traveller=summer)
        summer.move_to(clock.london_time((event.ends_at + timedelta(days=8)).date(), 3))
        tick()
        assert about_feedback(relay) == [THANKS]

    def test_does_not_come_to_who_answered(self, relay: Relay, summer: time_machine.Traveller) -> None:
        booking = a_booking(an_event())
        held(booking, traveller=summer)
        with transaction():
            answer_by_link(feedback_token(booking), Answers(given={"listened": 4}))
        later(summer, days=8)
        assert about_feedback(relay) == [THANKS]

    def test_does_not_leave_when_the_family_answers_just_before(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        booking = a_booking(an_event())
        event = held(booking, traveller=summer)
        summer.move_to(clock.now() + timedelta(days=7.1))
        with transaction():
            assert ask_again(event.id) == 1
            answer_by_link(feedback_token(booking), Answers(given={"listened": 4}))
        tick()
        assert about_feedback(relay) == [THANKS]
        [row] = db.session.scalars(select(Message).where(Message.kind == MessageKind.FEEDBACK_REMINDER))
        assert row.status == MessageStatus.STALE

    @pytest.mark.parametrize("what", ["cancelled", "erased", "did not come after all"])
    def test_does_not_come_to_who_is_gone(self, relay: Relay, summer: time_machine.Traveller, what: str) -> None:
        booking = a_booking(an_event())
        held(booking, traveller=summer)
        with transaction():
            row = db.session.get_one(Booking, booking.id)
            if what == "cancelled":
                row.status = BookingStatus.CANCELLED
            elif what == "erased":
                forget_family(row.family_id or 0, screen="test")
            else:
                row.places[0].outcome = Outcome.DID_NOT_COME
        later(summer, days=8)
        assert about_feedback(relay) == [THANKS]
