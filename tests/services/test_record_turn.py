"""A turn at a desk is kept with what was before, and says that somebody came when nobody had said it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, NotFound
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event
from booking.queries.running_board import get_board
from booking.rules.running_board import Column
from booking.rules.words import BookingMode, CancelledBy, Outcome, PersonKind, Turn
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.cancel_booking import cancel_booking
from booking.services.record_attendance import record_outcome
from booking.services.record_turn import record_turn
from tests.cast import a_booking, an_event, slots_for
from tests.services.test_races import at_once


@pytest.fixture
def event(in_app: Flask) -> Event:
    """A drop-in with three times that starts in an hour."""
    event = an_event(starts_at=clock.now() + timedelta(hours=1), booking_mode=BookingMode.SLOTS, capacity=3)
    slots_for(event)
    return event


@pytest.fixture
def booking(event: Event) -> Booking:
    """A parent with a supporter, and the first time."""
    people = (Person("Zoë Łukasz"), Person(None, PersonKind.SUPPORTER))
    with transaction():
        asked = BookingRequest(event_id=event.id, slot_id=event.slots[0].id, adults=people, email="zoe@example.net")
        return book_places(asked)


def turn(booking: Booking, to: Turn | None) -> None:
    with transaction():
        record_turn(booking.id, to, by=None)
    db.session.refresh(booking)


def say(booking: Booking, outcome: Outcome) -> None:
    with transaction():
        record_outcome(booking.places[0].id, outcome, by=None)


def outcomes(booking: Booking) -> list[Outcome]:
    db.session.expire_all()
    return [place.outcome for place in booking.places]


def column(event: Event) -> Column:
    db.session.expire_all()
    return get_board(event.id, now=clock.now()).columns[0]


class TestATurn:
    def test_is_kept_with_its_moment(self, booking: Booking) -> None:
        turn(booking, Turn.WITH_DESK)
        assert booking.turn == Turn.WITH_DESK
        assert booking.turn_at is not None
        assert clock.now() - booking.turn_at < timedelta(minutes=1)

    def test_each_change_is_kept_with_what_was_before(self, booking: Booking) -> None:
        for to in (Turn.LATE, Turn.WITH_DESK, Turn.DONE, Turn.WITH_DESK, None):
            turn(booking, to)
        entries = select(AuditEntry.facts).where(AuditEntry.action == "record_turn").order_by(AuditEntry.id)
        assert [(facts["was"], facts["now"]) for facts in db.session.scalars(entries)] == [
            (None, "late"),
            ("late", "with_desk"),
            ("with_desk", "done"),
            ("done", "with_desk"),
            ("with_desk", None),
        ]

    def test_twice_is_once(self, booking: Booking) -> None:
        turn(booking, Turn.WITH_DESK)
        since = booking.turn_at
        turn(booking, Turn.WITH_DESK)
        assert booking.turn_at == since
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "record_turn")).all()) == 1

    def test_of_who_is_with_the_desk_is_not_overwritten_from_an_old_page(self, booking: Booking) -> None:
        turn(booking, Turn.WITH_DESK)
        for to in (Turn.LATE, Turn.LEFT):
            with pytest.raises(Conflict, match="meanwhile"):
                turn(booking, to)
        assert booking.turn == Turn.WITH_DESK

    def test_needs_a_place(self, booking: Booking) -> None:
        with transaction():
            cancel_booking(booking.id, by=CancelledBy.US, tell=False)
        with pytest.raises(Conflict):
            turn(booking, Turn.WITH_DESK)

    def test_needs_a_desk_and_this_session(self, event: Event, booking: Booking) -> None:
        forum = a_booking(an_event())
        with pytest.raises(NotFound):
            turn(forum, Turn.DONE)
        with pytest.raises(NotFound), transaction():
            record_turn(booking.id, Turn.DONE, by=None, event_id=forum.event_id)
        with pytest.raises(NotFound), transaction():
            record_turn(999_999, Turn.DONE, by=None)

    def test_of_two_taps_at_once_both_end_the_same(self, app: Flask, booking: Booking) -> None:
        number = booking.id
        db.session.rollback()
        done = at_once(app, [lambda: record_turn(number, Turn.WITH_DESK, by=None).id for _each in range(6)])
        assert set(done) == {number}
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "record_turn")).all()) == 1


class TestWhetherTheyCame:
    @pytest.mark.parametrize("to", [Turn.WITH_DESK, Turn.DONE, Turn.LEFT])
    def test_is_recorded_of_the_participants_if_nobody_had(self, booking: Booking, to: Turn) -> None:
        turn(booking, to)
        assert outcomes(booking) == [Outcome.ATTENDED, Outcome.NOT_RECORDED]

    def test_is_not_recorded_of_who_comes_later(self, booking: Booking) -> None:
        turn(booking, Turn.LATE)
        assert outcomes(booking) == [Outcome.NOT_RECORDED, Outcome.NOT_RECORDED]

    def test_stays_as_the_register_had_it(self, event: Event) -> None:
        pair = a_booking(event, slot_id=event.slots[1].id, adults=2)
        say(pair, Outcome.ATTENDED)
        turn(pair, Turn.WITH_DESK)
        assert outcomes(pair) == [Outcome.ATTENDED, Outcome.NOT_RECORDED], "the other one is still to be asked about"

    def test_stays_when_they_left_before_they_were_seen(self, booking: Booking) -> None:
        say(booking, Outcome.ATTENDED)
        turn(booking, Turn.LEFT)
        assert outcomes(booking)[0] == Outcome.ATTENDED

    def test_is_taken_back_with_the_tap_that_recorded_it(self, booking: Booking) -> None:
        turn(booking, Turn.WITH_DESK)
        turn(booking, Turn.DONE)
        turn(booking, Turn.WITH_DESK)
        assert outcomes(booking)[0] == Outcome.ATTENDED
        turn(booking, None)
        assert outcomes(booking) == [Outcome.NOT_RECORDED, Outcome.NOT_RECORDED]

    def test_is_not_taken_back_when_the_register_said_it(self, booking: Booking) -> None:
        say(booking, Outcome.ATTENDED)
        turn(booking, Turn.WITH_DESK)
        turn(booking, None)
        assert outcomes(booking)[0] == Outcome.ATTENDED


class TestTheBoard:
    def test_shows_everybody_once(self, event: Event, booking: Booking) -> None:
        others = [a_booking(event, slot_id=slot.id) for slot in event.slots[1:]]
        say(others[0], Outcome.ATTENDED)
        turn(booking, Turn.WITH_DESK)
        board = column(event)
        assert [visit.key for visit in board.with_desk] == [booking.id]
        assert [visit.key for visit in board.queue] == [others[0].id]
        assert [visit.key for visit in board.expected] == [others[1].id]

    def test_leaves_out_who_did_not_come_or_cancelled(self, event: Event, booking: Booking) -> None:
        gone = a_booking(event, slot_id=event.slots[1].id)
        with transaction():
            cancel_booking(gone.id, by=CancelledBy.FAMILY)
        say(booking, Outcome.DID_NOT_COME)
        board = column(event)
        assert (board.queue, board.expected, board.missing) == ((), (), ())

    def test_is_none_where_no_times_are_booked(self, in_app: Flask) -> None:
        with pytest.raises(NotFound):
            get_board(an_event().id, now=clock.now())
