"""Who walked in stands outside the places that are booked, whatever becomes of their booking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.models import Event
from booking.rules.words import CancelledBy, EventCancelReason
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_booking import change_adults
from booking.services.check_counters import find_problems
from tests.cast import a_booking, an_event


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
