"""`flask check` finds each thing that should never be, and says it in a sentence."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import text, update

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, Event, Message, Slot
from booking.rules.words import BookingMode, BookingStatus, MessageStatus, Origin, PersonKind
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.check_counters import find_problems
from tests.cast import a_booking, an_event, slots_for


def _spoil(statement: object) -> None:
    with transaction():
        db.session.execute(statement)  # type: ignore[call-overload]


def _only_problem() -> str:
    (problem,) = list(find_problems())
    return problem


class TestAllIsWell:
    def test_with_bookings_of_every_kind(self, in_app: Flask) -> None:
        event = an_event()
        a_booking(event, adults=2)
        times = an_event(booking_mode=BookingMode.SLOTS)
        slot = slots_for(times)[0]
        supporter = Person(kind=PersonKind.SUPPORTER)
        with transaction():
            book_places(BookingRequest(event_id=times.id, slot_id=slot.id, email="a@example.org"))
            book_places(BookingRequest(event_id=event.id, adults=(Person(), supporter), email="b@example.org"))
        walk_in = a_booking(event, adults=1)
        with transaction():
            walk_in = db.session.get_one(Booking, walk_in.id)
            walk_in.origin = Origin.WALK_IN
            db.session.get_one(Event, event.id).places_taken -= 1
        assert list(find_problems()) == []

    def test_command_says_so(self, in_app: Flask) -> None:
        done = in_app.test_cli_runner().invoke(args=["check"])
        assert (done.exit_code, done.output) == (0, "Everything is as it should be.\n")


class TestProblems:
    def test_a_counter_that_is_not_its_rows(self, in_app: Flask) -> None:
        event = an_event()
        a_booking(event)
        _spoil(update(Event).where(Event.id == event.id).values(places_taken=3))
        assert _only_problem() == f"Session {event.slug}: 3 places are counted as taken, and the bookings hold 1."

    def test_a_booking_that_lost_its_place_without_a_trace(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        _spoil(update(Booking).where(Booking.id == booking.id).values(status=BookingStatus.CANCELLED))
        assert "and the bookings hold 0" in _only_problem()

    def test_a_time_that_is_not_its_rows(self, in_app: Flask) -> None:
        slot = slots_for(an_event(booking_mode=BookingMode.SLOTS))[0]
        _spoil(update(Slot).where(Slot.id == slot.id).values(places_taken=1))
        assert _only_problem().startswith(f"Time {slot.id}: 1 appointments")

    def test_a_value_moved_to_another_column(self, in_app: Flask) -> None:
        number = a_booking(an_event()).id
        _spoil(text("UPDATE booking SET phone = email"))
        assert _only_problem() == f"booking.phone: 1 values do not open, the first in row {number}. Is a key missing?"

    def test_a_link_that_does_not_match(self, in_app: Flask) -> None:
        booking = a_booking(an_event())
        _spoil(update(Booking).where(Booking.id == booking.id).values(link_version=2))
        assert _only_problem() == f"Booking {booking.id}: its link does not match. Was LINK_KEY changed?"

    def test_a_message_nobody_sends(self, in_app: Flask) -> None:
        a_booking(an_event())
        _spoil(update(Message).values(status=MessageStatus.QUEUED, next_attempt_at=clock.now() - timedelta(hours=2)))
        assert _only_problem() == "1 messages have waited for more than an hour. Is the worker running?"

    def test_command_ends_with_1(self, in_app: Flask) -> None:
        slug = an_event(places_taken=2).slug
        db.session.rollback()
        done = in_app.test_cli_runner().invoke(args=["check"])
        assert done.exit_code == 1
        assert slug in done.output
