"""A family that has places waits for more: its places stay, the others join them, and no figure counts it twice."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Booking, BookingChange, Event, Message
from booking.queries.attendance_lists import People, read_people
from booking.queries.extensions import extension_of
from booking.queries.register import get_register
from booking.queries.staff_bookings import bookings_of
from booking.rules.attendance_lists import ListColumn
from booking.rules.words import BookingStatus, CancelledBy, ChangeKind, EventCancelReason, MessageKind
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.change_booking import change_adults
from booking.services.check_counters import find_problems
from booking.services.move_waitlist import accept_offer, pass_offer
from booking.services.send_link import send_links
from booking.services.wait_for_more import wait_for_more
from tests.cast import a_booking, an_event


@pytest.fixture(autouse=True)
def _context(in_app: Flask) -> None:
    """Services need the app."""


@pytest.fixture
def event() -> Event:
    return an_event(capacity=3)


def now(booking: Booking) -> Booking:
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def wait(booking: Booking, *, adults: int) -> Booking:
    with transaction():
        wait_for_more(booking.id, adults=adults)
    extension = extension_of(now(booking))
    assert extension is not None
    return extension


def kinds_of(booking: Booking) -> list[MessageKind]:
    rows = select(Message.kind).where(Message.booking_id == booking.id).order_by(Message.id)
    return list(db.session.scalars(rows))


def cancel(booking: Booking) -> None:
    with transaction():
        cancel_booking(booking.id, by=CancelledBy.FAMILY)


class TestWaitingForMore:
    def test_keeps_what_there_is_and_joins_the_end_of_the_list(self, event: Event) -> None:
        mine, _other = a_booking(event, adults=1), a_booking(event, adults=2)
        before_me = a_booking(event)
        extension = wait(mine, adults=3)
        assert (extension.status, len(extension.places)) == (BookingStatus.WAITING, 2)
        assert (now(mine).status, len(now(mine).places)) == (BookingStatus.CONFIRMED, 1)
        assert extension.queued_at is not None
        assert before_me.queued_at is not None
        assert extension.queued_at > before_me.queued_at
        assert extension.family_id == mine.family_id

    def test_takes_at_once_what_is_free(self, event: Event) -> None:
        mine = a_booking(event)
        with transaction():
            wait_for_more(mine.id, adults=3)
        assert extension_of(now(mine)) is None
        assert len(now(mine).places) == 3

    def test_twice_waits_once(self, event: Event) -> None:
        mine, _other = a_booking(event), a_booking(event, adults=2)
        first = wait(mine, adults=2)
        assert wait(mine, adults=3).id == first.id

    def test_while_it_waits_more_are_refused_and_fewer_end_it(self, event: Event) -> None:
        mine, _other = a_booking(event, adults=2), a_booking(event)
        extension = wait(mine, adults=3)
        with pytest.raises(Conflict), transaction():
            change_adults(mine.id, adults=4)
        with transaction():
            change_adults(mine.id, adults=1)
        assert now(extension).status == BookingStatus.CANCELLED
        assert len(now(mine).places) == 1


class TestJoiningUp:
    def test_moves_the_places_and_the_counters_stay_right(self, event: Event) -> None:
        mine, other = a_booking(event), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        cancel(other)
        assert now(extension).status == BookingStatus.OFFERED
        for _twice in range(2):
            with transaction():
                assert accept_offer(extension.id).id in (mine.id, extension.id)
        assert len(now(mine).places) == 3
        assert (now(extension).status, now(extension).cancelled_by) == (BookingStatus.CANCELLED, None)
        assert now(extension).places == []
        assert db.session.get_one(Event, event.id, populate_existing=True).places_taken == 3
        assert list(find_problems()) == []

    def test_says_so_once_and_leaves_the_calendar_alone(self, event: Event) -> None:
        mine, other = a_booking(event), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        cancel(other)
        with transaction():
            accept_offer(extension.id)
        kinds = {each.id: kinds_of(each) for each in (mine, extension)}
        assert kinds[mine.id] == [MessageKind.CONFIRMED, MessageKind.PLACES_ADDED]
        assert kinds[extension.id] == [MessageKind.WAITING, MessageKind.OFFER]
        assert now(mine).ical_sequence == 0
        joined = select(BookingChange.booking_id).where(BookingChange.kind == ChangeKind.JOINED_UP)
        assert set(db.session.scalars(joined)) == {mine.id, extension.id}

    def test_passing_keeps_the_position_and_what_there_is(self, event: Event) -> None:
        mine, other = a_booking(event), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        cancel(other)
        with transaction():
            pass_offer(extension.id)
        assert now(extension).status == BookingStatus.WAITING
        assert now(mine).status == BookingStatus.CONFIRMED


class TestTheEnd:
    def test_cancelling_the_booking_ends_what_it_waits_for_and_frees_what_was_offered(self, event: Event) -> None:
        mine, other = a_booking(event), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        cancel(other)
        cancel(mine)
        assert now(extension).status == BookingStatus.CANCELLED
        assert db.session.get_one(Event, event.id, populate_existing=True).places_taken == 0
        kinds = db.session.scalars(select(Message.kind).where(Message.booking_id == extension.id)).all()
        assert MessageKind.CANCELLED_BY_FAMILY not in kinds

    def test_a_cancelled_session_is_told_once(self, event: Event) -> None:
        mine, _other = a_booking(event), a_booking(event, adults=2)
        wait(mine, adults=2)
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)
        to_us = select(Message).where(Message.kind == MessageKind.CANCELLED_BY_US, Message.address_hash.is_not(None))
        assert [row.booking_id for row in db.session.scalars(to_us)].count(mine.id) == 1
        assert len(db.session.scalars(to_us).all()) == 2


class TestNobodyCountsItTwice:
    def test_lists_registers_and_mail_know_one_booking(self, event: Event) -> None:
        mine, other = a_booking(event, email="sam@example.net"), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        people = People(event_ids=[event.id], asked_at=clock.now())
        rows = read_people(people, list(ListColumn), locality=get_locality("kent"))
        references = {row.reference for row in rows}
        assert references == {mine.reference, other.reference}
        register = get_register(event.id)
        assert extension.id not in [entry.booking_id for entry in (*register.booked, *register.others)]
        with transaction():
            assert send_links("sam@example.net") == 1

    def test_staff_see_who_waits_and_nothing_more_once_it_has_joined(self, event: Event) -> None:
        mine, other = a_booking(event), a_booking(event, adults=2)
        extension = wait(mine, adults=3)
        assert extension.id in [row.id for row in bookings_of(event.id)]
        cancel(other)
        with transaction():
            accept_offer(extension.id)
        assert extension.id not in [row.id for row in bookings_of(event.id)]
