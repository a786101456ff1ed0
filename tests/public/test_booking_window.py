"""When families can book: before it opens and after it has ended the page says so, and staff still can by phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.models import Booking, Event
from booking.queries.courses import find_course
from booking.rules.words import Origin
from booking.services.book_places import BookingRequest, book_places
from booking.services.change_booking import change_adults
from booking.services.copy_session import copy_session
from tests.cast import a_booking, a_course, an_event
from tests.public.family import Family


def book(event: Event, **values: object) -> Booking:
    with transaction():
        return book_places(BookingRequest(event_id=event.id, email="window@example.net", **values))  # type: ignore[arg-type]


class TestBeforeItOpens:
    def test_the_page_says_from_when_and_has_no_button(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=14), 10), opens_days_before=7)
            slug = event.slug
        page = client.get(f"/sessions/{slug}").text
        assert "You can book this session from Tuesday 23 June 2026." in page
        assert f"/sessions/{slug}/book" not in page
        assert "You can book this session from" in client.get(f"/sessions/{slug}/book").text

    def test_nobody_books_but_staff(self, in_app: Flask) -> None:
        event = an_event(opens_days_before=7)
        with pytest.raises(Conflict, match="from Tuesday 23 June 2026"):
            book(event)
        assert book(event, origin=Origin.PHONE).reference

    def test_it_opens_by_itself(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        event = an_event(opens_days_before=7)
        summer.move_to("2026-06-22 23:00:00+00:00")
        assert book(event).reference


class TestAfterItHasEnded:
    def test_the_page_says_to_ring(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            slug = an_event(starts_at=clock.now() + timedelta(hours=20), ends_hours_before=24).slug
        page = client.get(f"/sessions/{slug}").text
        assert "Booking for this session has ended. Please ring us: we may still have a place." in page
        assert f"/sessions/{slug}/book" not in page

    def test_what_was_typed_before_is_told_so_and_books_nothing(
        self, app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        with app.app_context():
            starts_at = clock.now() + timedelta(hours=26)
            slug = an_event(starts_at=starts_at, ends_hours_before=24).slug
        family = Family(client).book(slug)
        summer.shift(timedelta(hours=3))
        family.send()
        assert "Booking for this session has ended" in family.text
        with app.app_context():
            assert db.session.scalars(select(Booking)).all() == []

    def test_who_has_a_place_still_changes_it(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event(starts_at=clock.now() + timedelta(hours=20))
            booking = a_booking(event)
            with transaction():
                db.session.get_one(Event, event.id).ends_hours_before = 24
            assert booking.event.capacity
            with transaction():
                change_adults(booking.id, adults=2)
            assert len(db.session.get_one(Booking, booking.id).places) == 2


def test_a_date_of_a_course_that_is_not_open_is_not_offered(in_app: Flask) -> None:
    events = a_course(opens_days_before=20)
    course = find_course(events[0].series.slug)
    assert course is not None
    assert [each.is_open for each in course.dates] == [True, False, False]


def test_the_window_goes_with_a_copy(in_app: Flask) -> None:
    event = an_event(opens_days_before=7, ends_hours_before=24)
    with transaction():
        copy = copy_session(event.id)
        assert (copy.opens_days_before, copy.ends_hours_before) == (7, 24)
