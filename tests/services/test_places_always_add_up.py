"""Whatever families and staff do, in whatever order: nothing is overbooked, nothing is lost, the queue is fair."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from booking import clock
from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.models import Booking, Event, Message, Place, Slot
from booking.rules.words import HOLDS_PLACES, BookingMode, BookingStatus, CancelledBy, ContactBy, MessageKind
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.cancel_booking import cancel_booking
from booking.services.change_booking import change_adults
from booking.services.change_contact import Contact, change_contact
from booking.services.change_time import change_time
from booking.services.change_title import change_title
from booking.services.check_counters import find_problems
from booking.services.locks import lock_event
from booking.services.move_waitlist import accept_offer, lapse_offers, move_waitlist, pass_offer
from booking.services.wait_for_more import wait_for_more
from tests.cast import an_event, slots_for

DEEDS = st.sampled_from(
    [
        "book",
        "book",
        "book",
        "cancel",
        "adults",
        "more",
        "contact",
        "title",
        "time",
        "accept",
        "accept",
        "pass",
        "lapse",
        "room",
    ]
)
STEPS = st.lists(st.tuples(DEEDS, st.integers(0, 30), st.integers(1, 4)), min_size=6, max_size=24)
DRIVE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # What is found is shown as it was found: making it shorter takes longer than one test may.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@DRIVE
@given(capacity=st.integers(0, 7), steps=STEPS)
def test_places_always_add_up(
    in_app: Flask, summer: time_machine.Traveller, capacity: int, steps: list[tuple[str, int, int]]
) -> None:
    event_id = an_event(capacity=capacity, starts_at=clock.now() + timedelta(days=90)).id
    drive(summer, event_id, steps, check_places)


@DRIVE
@given(times=st.integers(1, 4), steps=STEPS)
def test_times_always_add_up(
    in_app: Flask, summer: time_machine.Traveller, times: int, steps: list[tuple[str, int, int]]
) -> None:
    event = an_event(capacity=None, booking_mode=BookingMode.SLOTS, starts_at=clock.now() + timedelta(days=90))
    slots_for(event, times=times)
    slots_for(event, times=2, role="Health visitor")
    drive(summer, event.id, steps, check_times)


def drive(
    summer: time_machine.Traveller, event_id: int, steps: list[tuple[str, int, int]], check: Callable[[int], None]
) -> None:
    """Do one deed after another; a rule may say no, and what must hold is looked at after every one."""
    for deed, which, number in steps:
        summer.shift(timedelta(hours=47) if deed == "lapse" else 60)
        before = queue_of(event_id)
        try:
            with transaction():
                do(event_id, deed, which, number)
        except Refusal:
            pass
        check(event_id)
        check_everywhere(event_id)
        check_order(before, event_id, deed)
    assert [each for each in find_problems() if "worker" not in each] == []


def do(event_id: int, deed: str, which: int, number: int) -> None:
    ids = whom_it_may_concern(event_id, deed)
    if deed == "book":
        book_places(a_request(event_id, which, number))
    elif deed == "lapse":
        lapse_offers()
    elif deed == "room":
        event = lock_event(event_id)
        if event.capacity is not None:
            event.capacity += 1
            move_waitlist(event)
    elif ids:
        do_to(ids[which % len(ids)], event_id, deed, which, number)


def whom_it_may_concern(event_id: int, deed: str) -> list[int]:
    """Return the bookings a deed is tried on: every one, and mostly those it means something to."""
    states = {"accept": BookingStatus.OFFERED, "pass": BookingStatus.OFFERED, "more": BookingStatus.CONFIRMED}
    bookings = db.session.scalars(select(Booking).where(Booking.event_id == event_id).order_by(Booking.id)).all()
    meant = [booking.id for booking in bookings if booking.status == states.get(deed)]
    return meant * 3 + [booking.id for booking in bookings] if meant else [booking.id for booking in bookings]


def do_to(booking_id: int, event_id: int, deed: str, which: int, number: int) -> None:
    slots = db.session.scalars(select(Slot.id).where(Slot.event_id == event_id).order_by(Slot.id)).all()
    if deed == "cancel":
        cancel_booking(booking_id, by=CancelledBy.FAMILY)
    elif deed == "adults":
        change_adults(booking_id, adults=number)
    elif deed == "more":
        wait_for_more(booking_id, adults=number + 1)
    elif deed == "contact":
        contact = Contact(contact_by=ContactBy.EMAIL, email=f"family{which % 5}@example.net")
        change_contact(booking_id, contact, with_others=number > 2)
    elif deed == "title":
        change_title(booking_id, is_discreet=number > 2)
    elif deed == "time" and slots:
        change_time(booking_id, slots[which % len(slots)])
    elif deed in ("accept", "pass"):
        {"accept": accept_offer, "pass": pass_offer}[deed](booking_id)


def a_request(event_id: int, which: int, number: int) -> BookingRequest:
    """One family in three gives no address, and one in three will not wait; where times are booked some need two."""
    event = db.session.get_one(Event, event_id)
    request = BookingRequest(
        event_id=event_id,
        adults=tuple(Person() for _ in range(number)),
        email=None if which % 3 else f"family{which}@example.net",
        accept_waiting_list=which % 3 > 0,
    )
    if event.booking_mode != BookingMode.SLOTS:
        return request
    slot = event.slots[which % len(event.slots)]
    longer = {"longer": True} if number > 3 else {}
    return dataclasses.replace(request, slot_id=slot.id, **longer)  # type: ignore[arg-type]


def queue_of(event_id: int) -> dict[int, object]:
    """Return when each family that waits joined the list."""
    db.session.rollback()
    rows = db.session.execute(
        select(Booking.id, Booking.queued_at).where(
            Booking.event_id == event_id, Booking.status == BookingStatus.WAITING
        )
    )
    return {booking_id: queued_at for booking_id, queued_at in rows}  # noqa: C416 (a row is no pair)


def bookings_of(event_id: int) -> list[Booking]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Booking).where(Booking.event_id == event_id).order_by(Booking.id)))


def check_places(event_id: int) -> None:
    bookings = bookings_of(event_id)
    event = db.session.get_one(Event, event_id)
    held = sum(len(booking.places) for booking in bookings if booking.status in HOLDS_PLACES)
    assert event.places_taken == held
    assert event.capacity is not None
    assert held <= event.capacity
    free = event.capacity - held
    for booking in bookings:
        if booking.status == BookingStatus.WAITING and booking.passed_at is None:
            assert len(booking.places) > free, "who fits and has not passed has been offered the places"


def check_times(event_id: int) -> None:
    bookings = bookings_of(event_id)
    event = db.session.get_one(Event, event_id)
    taken = [
        slot_id
        for booking in bookings
        if booking.status in HOLDS_PLACES
        for slot_id in (booking.slot_id, booking.second_slot_id)
        if slot_id is not None
    ]
    assert event.places_taken == len(taken)
    for slot in event.slots:
        assert slot.places_taken == taken.count(slot.id) <= slot.capacity
    for booking in bookings:
        assert booking.extends_id is None, "where times are booked nobody waits for more"
        if booking.second_slot is not None and booking.slot is not None:
            assert booking.second_slot.starts_at >= booking.slot.ends_at


def check_everywhere(event_id: int) -> None:
    bookings = {booking.id: booking for booking in bookings_of(event_id)}
    for booking in bookings.values():
        assert (booking.offer_ends_at is not None) == (booking.status == BookingStatus.OFFERED)
        if booking.status in (BookingStatus.WAITING, BookingStatus.OFFERED):
            assert booking.queued_at is not None
        if booking.extends_id is None:
            assert booking.places, "a family is whole or not there"
            continue
        main = bookings[booking.extends_id]
        assert (booking.family_id, booking.event_id) == (main.family_id, main.event_id)
        joined = booking.status == BookingStatus.CANCELLED and booking.cancelled_by is None
        assert bool(booking.places) != joined, "places wait here, or have gone to the booking they belong to"
        if booking.status != BookingStatus.CANCELLED:
            assert main.status == BookingStatus.CONFIRMED, "only who has a place waits for more"
            assert (booking.email, booking.phone) == (main.email, main.phone)
    everybody = select(Message).where(Message.booking_id.in_(bookings), Message.kind == MessageKind.CONFIRMED)
    for message in db.session.scalars(everybody):
        assert message.booking_id is not None
        assert bookings[message.booking_id].extends_id is None, "what waits for more has no entry in any calendar"
    places = db.session.scalars(select(Place.booking_id).where(Place.booking_id.in_(bookings))).all()
    assert len(places) == sum(len(booking.places) for booking in bookings.values())
    db.session.rollback()


def check_order(before: dict[int, object], event_id: int, deed: str) -> None:
    """Nobody changes position, no newcomer goes past the queue, and an offer goes to the first that fits (J9)."""
    after = queue_of(event_id)
    for booking_id in before.keys() & after.keys():
        assert before[booking_id] == after[booking_id], deed
    bookings = bookings_of(event_id)
    event = db.session.get_one(Event, event_id)
    if event.booking_mode == BookingMode.SLOTS or event.capacity is None:
        return
    if deed == "book" and before:
        assert bookings[-1].status != BookingStatus.CONFIRMED, "a newcomer joins the queue while anyone waits"
    free = event.capacity - event.places_taken
    waiting = [each for each in bookings if each.status == BookingStatus.WAITING and each.passed_at is None]
    for offered in (each for each in bookings if each.status == BookingStatus.OFFERED and each.id in before):
        for earlier in waiting:
            if (earlier.queued_at, earlier.id) < (offered.queued_at, offered.id):  # type: ignore[operator]
                assert len(earlier.places) > free + len(offered.places), "somebody who fits was left out"
