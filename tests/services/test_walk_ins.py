"""Who walked in stands outside the places that are booked, but for a free time that they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db, transaction
from booking.models import Booking, Event, Slot
from booking.queries.running_board import get_board
from booking.rules.words import BookingMode, BookingStatus, CancelledBy, EventCancelReason
from booking.services.add_walk_in import FireLimit, WalkIn, add_walk_in, remove_walk_in
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_booking import change_adults
from booking.services.check_counters import find_problems
from booking.services.decide_at_door import decide_at_door
from booking.services.seat_walk_in import TimeGone
from tests.cast import a_booking, a_venue, an_event, slots_for
from tests.services.test_races import at_once, book


@pytest.fixture
def event(in_app: Flask) -> Event:
    """A forum that starts in an hour, with one family that booked."""
    event = an_event(starts_at=clock.now() + timedelta(hours=1))
    a_booking(event)
    return event


def let_in(event: Event, **values: object) -> int:
    with transaction():
        return add_walk_in(WalkIn(event_id=event.id, **values), by=None).id  # type: ignore[arg-type]


def taken(event: Event) -> int:
    db.session.refresh(event)
    return event.places_taken


class TestOutsideThePlaces:
    def test_a_walk_in_that_is_cancelled_gives_nobodys_place_away(self, event: Event) -> None:
        walk_in = let_in(event, adults=2)
        with transaction():
            cancel_booking(walk_in, by=CancelledBy.US, tell=False)
        assert taken(event) == 1

    def test_a_walk_in_with_more_people_takes_no_places(self, event: Event) -> None:
        walk_in = let_in(event)
        with transaction():
            change_adults(walk_in, adults=3)
        assert taken(event) == 1

    def test_a_session_is_called_off_with_walk_ins_inside(self, event: Event) -> None:
        let_in(event, adults=2)
        with transaction():
            cancel_session(event.id, EventCancelReason.VENUE)
        assert taken(event) == 0
        assert list(find_problems()) == []


class TestAtASessionWithTimes:
    @pytest.fixture
    def drop_in(self, in_app: Flask) -> Event:
        """A drop-in that starts in an hour; the first of its three times is booked."""
        event = an_event(starts_at=clock.now() + timedelta(hours=1), booking_mode=BookingMode.SLOTS, capacity=3)
        slots_for(event)
        a_booking(event, slot_id=event.slots[0].id)
        return event

    def test_a_free_time_that_somebody_takes_is_nobody_elses(self, drop_in: Event) -> None:
        slot = drop_in.slots[1]
        let_in(drop_in, slot_id=slot.id, adults=2)
        assert (taken(drop_in), slot.places_taken) == (2, 1)
        with pytest.raises(Conflict):
            a_booking(drop_in, slot_id=slot.id, accept_waiting_list=False)
        assert list(find_problems()) == []

    def test_a_time_that_is_taken_or_over_is_refused(self, drop_in: Event) -> None:
        with pytest.raises(TimeGone):
            let_in(drop_in, slot_id=drop_in.slots[0].id)
        with time_machine.travel(drop_in.slots[2].ends_at, tick=True), pytest.raises(TimeGone):
            let_in(drop_in, slot_id=drop_in.slots[2].id)
        assert db.session.scalar(select(func.count(Booking.id))) == 1

    def test_a_time_that_has_begun_can_still_be_taken(self, drop_in: Event) -> None:
        with time_machine.travel(drop_in.slots[1].starts_at + timedelta(minutes=5), tick=True):
            let_in(drop_in, slot_id=drop_in.slots[1].id)
        assert taken(drop_in) == 2

    def test_a_time_or_a_desk_of_another_session_is_refused(self, drop_in: Event, event: Event) -> None:
        other = an_event(booking_mode=BookingMode.SLOTS, capacity=3)
        for chosen in ({"slot_id": slots_for(other, role="Nurse")[0].id}, {"desk": "Nurse"}):
            with pytest.raises(Refusal):
                let_in(drop_in, **chosen)

    def test_the_queue_takes_nobodys_time(self, drop_in: Event) -> None:
        walk_in = let_in(drop_in, desk="EHC plan officer")
        assert taken(drop_in) == 1
        (column,) = get_board(drop_in.id, now=clock.now()).columns
        assert [visit.key for visit in column.queue] == [walk_in]
        assert list(find_problems()) == []

    def test_who_is_taken_back_gives_the_time_back_and_stands_in_the_queue_if_they_came_after_all(
        self, drop_in: Event
    ) -> None:
        walk_in = let_in(drop_in, slot_id=drop_in.slots[1].id)
        with transaction():
            remove_walk_in(walk_in)
        assert (taken(drop_in), drop_in.slots[1].places_taken) == (1, 0)
        with transaction():
            subject = db.session.get_one(Booking, walk_in).door_subject or ""
            decide_at_door(drop_in.id, subject, {"here": True}, by=None)
        booking = db.session.get_one(Booking, walk_in)
        assert (booking.status, booking.slot_id, booking.desk) == (BookingStatus.CONFIRMED, None, "EHC plan officer")
        assert taken(drop_in) == 1
        assert list(find_problems()) == []

    def test_one_that_was_cancelled_counts_once_however_it_comes_back(self, drop_in: Event) -> None:
        walk_in = let_in(drop_in, slot_id=drop_in.slots[1].id)
        with transaction():
            cancel_booking(walk_in, by=CancelledBy.US, tell=False)
        assert taken(drop_in) == 1
        with transaction():
            subject = db.session.get_one(Booking, walk_in).door_subject or ""
            decide_at_door(drop_in.id, subject, {"here": True}, by=None)
        assert taken(drop_in) == 1
        assert list(find_problems()) == []

    def test_a_family_from_the_waiting_list_can_take_a_time_that_became_free(self, drop_in: Event) -> None:
        for slot in drop_in.slots[1:]:
            a_booking(drop_in, slot_id=slot.id)
        waiting = a_booking(drop_in, slot_id=drop_in.slots[0].id)
        gone = db.session.scalars(select(Booking).where(Booking.slot_id == drop_in.slots[2].id)).one()
        with transaction():
            cancel_booking(gone.id, by=CancelledBy.FAMILY)
        let_in(drop_in, came_from=waiting.id, slot_id=drop_in.slots[2].id)
        assert taken(drop_in) == 3
        assert list(find_problems()) == []

    def test_two_desks_take_the_same_free_time_and_one_gets_it(self, app: Flask, drop_in: Event) -> None:
        number, slot = drop_in.id, drop_in.slots[2].id
        db.session.rollback()

        def tap(which: int) -> Callable[[], object]:
            return lambda: add_walk_in(WalkIn(event_id=number, slot_id=slot, tap=f"tap{which}"), by=None).id

        results = at_once(app, [*(tap(which) for which in range(4)), book(number, 1, slot_id=slot)])
        assert sum(isinstance(result, int) for result in results) == 1
        assert sum(isinstance(result, Conflict) for result in results) == 4
        assert (taken(drop_in), db.session.get_one(Slot, slot).places_taken) == (2, 1)
        assert list(find_problems()) == []

    def test_the_fire_limit_stops_as_always(self, in_app: Flask) -> None:
        small = an_event(
            starts_at=clock.now() + timedelta(hours=1),
            booking_mode=BookingMode.SLOTS,
            capacity=3,
            venue_id=a_venue(fire_limit=1).id,
        )
        slots_for(small)
        with pytest.raises(FireLimit):
            let_in(small, adults=2, slot_id=small.slots[0].id)
        assert taken(small) == 0
