"""Two who want one room at one time, at once: only one has it, whichever deed each does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Event, Venue
from booking.queries.venue_calendar import clashes_at
from booking.rules.double_bookings import stay_of
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus
from booking.services.copy_session import copy_session
from booking.services.move_session import move_session
from booking.services.publish_series import publish_series
from booking.services.repeat_session import repeat_session
from booking.services.save_session import SessionDetails, SessionPlan, make_session, save_session
from booking.services.take_venue import VenueTaken
from tests.cast import a_booking, a_course, a_venue, an_event
from tests.services.test_races import at_once
from tests.staff.test_sessions import know_the_basics

DETAILS = SessionDetails(kind=EventKind.FORUM)


def plan_at(venue_id: int, *, weeks: int = 4) -> SessionPlan:
    starts = clock.london_time(clock.today() + timedelta(weeks=weeks), 10)
    return SessionPlan(
        title="Forum",
        delivery=Delivery.IN_PERSON,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        venue_id=venue_id,
    )


def make(venue_id: int, *, reason: str = "") -> Callable[[], object]:
    return lambda: make_session(plan_at(venue_id), DETAILS, mode=BookingMode.PLACES, clash_reason=reason).id


def in_the_way(venue_id: int) -> int:
    """Count the sessions at a venue that are in another's way."""
    events = db.session.scalars(select(Event).where(Event.venue_id == venue_id))
    return sum(bool(clashes_at(stay_of(event), but_for=event.id)) for event in events)


def test_of_ten_who_make_a_session_then_and_there_one_does(app: Flask) -> None:
    with app.app_context():
        venue_id = a_venue().id
    results = at_once(app, [make(venue_id) for _ in range(10)])
    assert sum(isinstance(result, int) for result in results) == 1, results
    assert sum(isinstance(result, VenueTaken) for result in results) == 9, results
    with app.app_context():
        assert db.session.scalar(select(func.count(Event.id))) == 1


def test_of_ten_different_deeds_one_has_the_room(app: Flask) -> None:
    with app.app_context():
        venue_id = a_venue().id
        know_the_basics(venue_id)
        moved = [an_event().id for _ in range(3)]
        for number in moved:
            a_booking(db.session.get_one(Event, number))
        drafts = [an_event(status=EventStatus.DRAFT).id for _ in range(2)]
        pattern = an_event(venue_id=venue_id, starts_at=clock.london_time(clock.today(), 20)).id
        day = clock.today() + timedelta(weeks=4)
        with transaction():
            session = db.session.get_one(Event, pattern)
            session.starts_at = clock.london_time(clock.today() + timedelta(weeks=1), 10)
            session.ends_at = session.starts_at + timedelta(hours=2)
    deeds: list[Callable[[], object]] = [make(venue_id) for _ in range(3)]
    deeds += [lambda number=number: move_session(number, plan_at(venue_id)).id for number in moved]  # type: ignore[misc]
    deeds += [
        lambda number=number: save_session(number, DETAILS, plan=plan_at(venue_id), mode=BookingMode.PLACES).id  # type: ignore[misc]
        for number in drafts
    ]
    deeds += [
        lambda: copy_session(pattern, on=day).id,
        lambda: repeat_session(pattern, title="Course", days=[day], together=True).id,
    ]
    results = at_once(app, deeds)
    assert sum(isinstance(result, int) for result in results) == 1, results
    assert sum(isinstance(result, VenueTaken) for result in results) == 9, results
    with app.app_context():
        assert in_the_way(venue_id) == 0


def test_all_ten_have_it_with_a_reason_and_each_reason_is_kept(app: Flask) -> None:
    with app.app_context():
        venue_id = a_venue().id
    results = at_once(app, [make(venue_id, reason="Agreed.") for _ in range(10)])
    assert all(isinstance(result, int) for result in results), results
    with app.app_context():
        statement = select(func.count(AuditEntry.id)).where(AuditEntry.action == "double booking allowed")
        assert db.session.scalar(statement) == 9


def test_who_publishes_a_course_holds_no_venue_while_waiting_for_one_of_its_dates(app: Flask) -> None:
    """A colleague who saves that date waits for the venue: the two would wait for each other for ever."""
    with app.app_context():
        events = a_course(dates=3, status=EventStatus.DRAFT)
        series_id, venue_id, held = events[0].series_id, events[0].venue_id, events[1].id
        assert series_id is not None
        assert venue_id is not None
        know_the_basics(venue_id)
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has one writer at a time")
    publishing = threading.Thread(target=at_once, args=(app, [lambda: publish_series(series_id)]))
    with app.app_context(), db.engine.connect() as colleague, colleague.begin():
        colleague.execute(select(Event.id).where(Event.id == held).with_for_update())
        publishing.start()
        _wait_until_somebody_waits()
        colleague.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update(nowait=True))
    publishing.join()
    with app.app_context():
        statement = select(func.count(Event.id)).where(Event.status == EventStatus.PUBLISHED)
        assert db.session.scalar(statement) == 3


def _wait_until_somebody_waits() -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _each in range(100):
        with db.engine.connect() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")


@pytest.mark.parametrize("number", range(3))
def test_a_venue_that_is_being_changed_waits_for_no_session_that_waits_for_it(app: Flask, number: int) -> None:
    from booking.locality.kinds import Point
    from booking.services.save_venue import VenueDetails, save_venue

    with app.app_context():
        venue = a_venue()
        venue_id = venue.id
        held = an_event(venue_id=venue_id).id
        a_booking(db.session.get_one(Event, held))
    details = VenueDetails(
        name=f"Renamed {number}", address="", town="Ashford", postcode="", outcode="TN23", district="ashford",
        directions="", arrival_steps=[], leaving="", last_bus="", capacity=None, fire_limit=None,
        is_confidential=False, point=Point(600600, 142600),
    )  # fmt: skip
    deeds: list[Callable[[], object]] = [lambda: save_venue(venue_id, details).id for _ in range(2)]
    deeds += [make(venue_id) for _ in range(3)]
    deeds += [lambda: move_session(held, plan_at(venue_id, weeks=9)).id]
    results = at_once(app, deeds)
    assert sum(isinstance(result, VenueTaken) for result in results) == 2, results
    assert sum(isinstance(result, int) for result in results) == 4, results
    with app.app_context():
        assert db.session.get_one(Venue, venue_id).name == f"Renamed {number}"
