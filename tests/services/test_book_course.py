"""Booking several dates of a course at once: one deed, one booking a date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking.errors import Conflict, Refusal, SessionFull
from booking.extensions import db, transaction
from booking.models import Booking, Event, Message, RememberedNeed
from booking.queries.courses import booked_together, course_of, number_in_course
from booking.rules.words import BookingMode, BookingStatus, CancelledBy, ConsentSubject, EventStatus, MessageKind
from booking.services.book_course import book_course
from booking.services.book_draft import book_draft
from booking.services.book_places import BookingRequest, Need, Person
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, a_course, an_event
from tests.services.test_races import at_once


def asked(event: Event, **values: Any) -> BookingRequest:
    return BookingRequest(event_id=event.id, **{"email": "sam@example.net"} | values)


def book(events: Sequence[Event], **values: Any) -> Sequence[Booking]:
    with transaction():
        return book_course(asked(events[0], **values), [event.id for event in events])


def statuses(bookings: Sequence[Booking]) -> list[BookingStatus]:
    return [booking.status for booking in bookings]


def taken(events: Sequence[Event]) -> list[int]:
    for event in events:
        db.session.refresh(event)
    return [event.places_taken for event in events]


@pytest.mark.usefixtures("in_app")
class TestAWholeCourse:
    def test_is_one_booking_a_date_for_one_family(self) -> None:
        events, noise = a_course(), an_event()
        bookings = book(events, adults=(Person("Sam"), Person()))
        assert [booking.event_id for booking in bookings] == [event.id for event in events]
        assert set(statuses(bookings)) == {BookingStatus.CONFIRMED}
        assert len({booking.family_id for booking in bookings}) == 1
        assert (taken(events), taken([noise])) == ([2, 2, 2], [0])

    def test_each_has_its_own_reference_link_and_calendar_entry(self) -> None:
        bookings = book(a_course())
        for name in ("reference", "link_digest", "ical_uid"):
            assert len({getattr(booking, name) for booking in bookings}) == 3, name
        assert len({booking.group_key for booking in bookings}) == 1
        assert bookings[0].group_key

    def test_each_is_told_with_a_mail_of_its_own(self) -> None:
        bookings = book(a_course())
        rows = db.session.execute(select(Message.booking_id, Message.kind).order_by(Message.booking_id)).all()
        assert [tuple(row) for row in rows] == [(booking.id, MessageKind.CONFIRMED) for booking in bookings]

    def test_needs_are_asked_for_at_every_date_and_remembered_once(self) -> None:
        consents = (ConsentSubject.NEEDS,)
        bookings = book(a_course(begins_in=60), needs=(Need("bsl"),), consents=consents, remember_needs=True)
        assert [[need.code for need in booking.needs] for booking in bookings] == [["bsl"]] * 3
        assert len({need.due_on for booking in bookings for need in booking.needs}) == 3
        assert db.session.scalar(select(func.count(RememberedNeed.id))) == 1

    def test_the_dates_are_one_chain_so_that_each_page_shows_what_is_remembered(self) -> None:
        first, *others = book(a_course())
        assert (first.root_id, [booking.root_id for booking in others]) == (None, [first.id] * 2)
        begun_from = a_booking(an_event())
        more = book(a_course(), root_id=begun_from.id)
        assert [booking.root_id for booking in more] == [begun_from.id] * 3

    def test_a_question_for_the_panel_is_asked_once(self) -> None:
        bookings = book(a_course(), question="Who decides?")
        assert [booking.question for booking in bookings] == ["Who decides?", None, None]


@pytest.mark.usefixtures("in_app")
class TestSomeDates:
    def test_need_not_hold_the_date_it_was_begun_on(self) -> None:
        events = a_course()
        with transaction():
            bookings = book_course(asked(events[0]), [events[2].id, events[1].id])
        assert [booking.event_id for booking in bookings] == [events[1].id, events[2].id]
        assert taken(events) == [0, 1, 1]

    def test_one_alone_is_a_booking_like_any_other(self) -> None:
        [booking] = book(a_course()[:1])
        assert booking.group_key is None

    def test_none_at_all_is_refused(self) -> None:
        with pytest.raises(Refusal, match="at least one date"), transaction():
            book_course(asked(a_course()[0]), [])

    def test_a_date_of_something_else_is_refused(self) -> None:
        [first, *_], other = a_course(), an_event()
        with pytest.raises(Refusal), transaction():
            book_course(asked(first), [first.id, other.id])
        assert taken([first, other]) == [0, 0]

    def test_a_date_with_times_is_refused(self) -> None:
        events = a_course(booking_mode=BookingMode.SLOTS)
        with pytest.raises(Refusal), transaction():
            book_course(asked(events[0]), [event.id for event in events])


@pytest.mark.usefixtures("in_app")
class TestADateThatIsFull:
    def test_says_which_and_books_nothing_until_the_list_is_accepted(self) -> None:
        events = a_course(capacity=1)
        a_booking(events[1])
        with pytest.raises(SessionFull, match="7 July"), transaction():
            book_course(asked(events[0]), [event.id for event in events])
        assert taken(events) == [0, 1, 0]

    def test_is_waited_for_while_the_others_are_booked(self) -> None:
        events = a_course(capacity=1)
        a_booking(events[1])
        bookings = book(events, accept_waiting_list=True)
        waiting = [BookingStatus.CONFIRMED, BookingStatus.WAITING, BookingStatus.CONFIRMED]
        assert statuses(bookings) == waiting

    def test_a_date_that_was_cancelled_books_nothing_and_says_so(self) -> None:
        events = a_course()
        with transaction():
            db.session.get_one(Event, events[2].id).status = EventStatus.CANCELLED
        with pytest.raises(Conflict, match="14 July"), transaction():
            book_course(asked(events[0]), [event.id for event in events])
        assert taken(events) == [0, 0, 0]


@pytest.mark.usefixtures("in_app")
class TestOneDateLess:
    def test_skipping_one_leaves_the_others(self) -> None:
        events = a_course()
        bookings = book(events)
        with transaction():
            cancel_booking(bookings[1].id, by=CancelledBy.FAMILY)
        assert taken(events) == [1, 0, 1]
        together = booked_together(db.session.get_one(Booking, bookings[0].id))
        assert statuses(together) == [BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.CONFIRMED]

    def test_a_link_that_was_renewed_leads_nowhere_else(self) -> None:
        bookings = book(a_course())
        with transaction():
            db.session.get_one(Booking, bookings[1].id).link_version += 1
        first, second = (db.session.get_one(Booking, bookings[place].id) for place in (0, 1))
        assert [each.id for each in booked_together(first)] == [bookings[0].id, bookings[2].id]
        assert [each.id for each in booked_together(second)] == [second.id]


@pytest.mark.usefixtures("in_app")
class TestADraftSentTwice:
    def test_gives_the_same_bookings(self) -> None:
        events = a_course()
        first, again = book(events, draft_id=5), book(events, draft_id=5)
        assert [each.id for each in first] == [each.id for each in again]
        assert [each.draft_id for each in again] == [5, None, None]
        assert taken(events) == [1, 1, 1]

    def test_gives_the_same_even_when_other_dates_were_ticked_meanwhile(self) -> None:
        events = a_course()
        first = book(events, draft_id=5)
        again = book(events[:1], draft_id=5)
        assert [each.id for each in first] == [each.id for each in again]


@pytest.mark.usefixtures("in_app")
class TestTheCourseItself:
    def test_counts_the_dates_that_families_know_of(self) -> None:
        events = a_course(dates=4)
        with transaction():
            db.session.get_one(Event, events[0].id).status = EventStatus.DRAFT
            db.session.get_one(Event, events[1].id).status = EventStatus.CANCELLED
        event = db.session.get_one(Event, events[2].id)
        course = course_of(event)
        assert course is not None
        assert [(each.number, each.is_open) for each in course.dates] == [(1, False), (2, True), (3, True)]
        assert number_in_course(event) == (2, 3)

    def test_a_session_on_its_own_is_no_course(self) -> None:
        assert course_of(an_event()) is None


class TestManyAtOnce:
    def test_twenty_families_four_places_a_date_never_one_more(self, app: Flask) -> None:
        with app.app_context():
            events = a_course(capacity=4)
            ids = [event.id for event in events]

        def deed(number: int) -> object:
            start = ids[number % 3]
            wanted = ids if number % 2 else ids[::-1]
            request = BookingRequest(event_id=start, email=f"p{number}@example.net", accept_waiting_list=True)
            return [booking.status for booking in book_course(request, wanted)]

        results = at_once(app, [lambda number=number: deed(number) for number in range(20)])  # type: ignore[misc]
        assert all(isinstance(result, list) for result in results), results
        with app.app_context():
            assert [db.session.get_one(Event, event_id).places_taken for event_id in ids] == [4, 4, 4]
            counts = dict(db.session.execute(select(Booking.status, func.count()).group_by(Booking.status)).all())
            assert counts == {BookingStatus.CONFIRMED: 12, BookingStatus.WAITING: 48}

    def test_one_draft_sent_by_ten_threads_is_one_booking_a_date(self, app: Flask) -> None:
        with app.app_context():
            ids = [event.id for event in a_course()]

        def deed(number: int) -> object:
            request = BookingRequest(event_id=ids[0], email="sam@example.net", draft_id=77)
            return tuple(booking.id for booking in book_course(request, ids[: 1 + number % 3]))

        results = at_once(app, [lambda number=number: deed(number) for number in range(10)])  # type: ignore[misc]
        assert len(set(results)) == 1, results
        with app.app_context():
            assert db.session.scalar(select(func.count(Booking.id))) == len(results[0])  # type: ignore[arg-type]


@pytest.mark.usefixtures("in_app")
def test_a_draft_of_a_course_is_emptied_and_finds_its_first_booking() -> None:
    from booking.models import Draft
    from booking.services.keep_draft import begin_draft

    events = a_course()
    with transaction():
        begin_draft(events[0].id, browser="b", answers={"who": {"adults": 1}}, lang="en")
    draft_id = db.session.scalars(select(Draft.id)).one()
    db.session.rollback()
    for _time in range(2):
        with transaction():
            first = book_draft(asked(events[0], draft_id=draft_id), dates=[event.id for event in events]).id
    assert first == min(db.session.scalars(select(Booking.id)))
    assert db.session.get_one(Draft, draft_id).answers == {}
