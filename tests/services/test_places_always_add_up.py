"""Whatever families and staff do, in whatever order: nothing is overbooked, nothing is lost, the queue is fair."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from booking import clock
from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.models import Booking, Event
from booking.rules.words import HOLDS_PLACES, BookingStatus, CancelledBy
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.cancel_booking import cancel_booking
from booking.services.change_booking import change_adults
from booking.services.move_waitlist import accept_offer, lapse_offers, pass_offer
from tests.cast import an_event

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "cancel", "change", "accept", "pass", "lapse"]),
        st.integers(0, 30),
        st.integers(1, 4),
    ),
    max_size=25,
)


@pytest.mark.one_database
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capacity=st.integers(0, 7), steps=STEPS)
def test_places_always_add_up(in_app: Flask, summer: time_machine.Traveller, capacity: int, steps: list[tuple]) -> None:
    event_id = an_event(capacity=capacity, starts_at=clock.now() + timedelta(days=60)).id
    for deed, which, adults in steps:
        summer.shift(60)
        do(summer, event_id, deed, which, adults)
        check(event_id)


def do(summer: time_machine.Traveller, event_id: int, deed: str, which: int, adults: int) -> None:
    ids = db.session.scalars(select(Booking.id).where(Booking.event_id == event_id).order_by(Booking.id)).all()
    if deed == "lapse":
        summer.shift(timedelta(hours=47))
    try:
        with transaction():
            if deed == "book":
                people = tuple(Person() for _ in range(adults))
                book_places(BookingRequest(event_id=event_id, adults=people, accept_waiting_list=which % 3 > 0))
            elif deed == "lapse":
                lapse_offers()
            elif ids:
                booking_id = ids[which % len(ids)]
                if deed == "cancel":
                    cancel_booking(booking_id, by=CancelledBy.FAMILY)
                elif deed == "change":
                    change_adults(booking_id, adults=adults)
                else:
                    {"accept": accept_offer, "pass": pass_offer}[deed](booking_id)
    except Refusal:
        pass  # a rule may say no; what must hold is checked after every step


def check(event_id: int) -> None:
    db.session.expire_all()
    event = db.session.get_one(Event, event_id)
    bookings = db.session.scalars(select(Booking).where(Booking.event_id == event_id)).all()
    held = sum(len(booking.places) for booking in bookings if booking.status in HOLDS_PLACES)
    assert event.places_taken == held
    assert event.capacity is not None
    assert held <= event.capacity
    for booking in bookings:
        assert booking.places, "a family is whole or not there"
        assert (booking.offer_ends_at is not None) == (booking.status == BookingStatus.OFFERED)
        if booking.status in (BookingStatus.WAITING, BookingStatus.OFFERED):
            assert booking.queued_at is not None
    free = event.capacity - held
    for booking in bookings:
        if booking.status == BookingStatus.WAITING and booking.passed_at is None:
            assert len(booking.places) > free, "who fits and has not passed has been offered the places"
    db.session.rollback()
