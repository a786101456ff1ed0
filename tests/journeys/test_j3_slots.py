"""J3: pick a role, see its times as a list, take one, or two in a row; one each until two days before, then two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import Booking, Event
from booking.rules.words import BookingMode, EventKind
from tests.cast import a_booking, an_event, slots_for
from tests.public.family import Family

SAM = {"full_name": "Sam", "contact_by": "email", "email": "sam@example.net"}


def a_drop_in(**values: object) -> Event:
    event = an_event(slug="drop-in", kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=6, **values)
    slots_for(event, times=4)
    slots_for(event, times=2, role="Health visitor")
    return event


@pytest.fixture
def drop_in(app: Flask) -> Iterator[Event]:
    with app.app_context():
        yield a_drop_in()


def times_of(event: Event, role: str = "EHC plan officer") -> list[int]:
    return [slot.id for slot in event.slots if slot.role == role]


def to_check(family: Family, **who: object) -> Family:
    family.open("/sessions/drop-in/book").send(who).send(SAM)
    while not family.path.endswith("/check"):
        assert family.status == 200, family.text
        family.send()
    return family


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Booking.id))) or 0


def test_each_role_has_its_times_as_a_list(client: FlaskClient, drop_in: Event) -> None:
    family = Family(client).open("/sessions/drop-in/book")
    assert family.text.index("A time with: EHC plan officer") < family.text.index("10am to 10:20am")
    assert family.text.count('name="slot"') == 6
    a_booking(drop_in, slot_id=times_of(drop_in)[0])
    assert family.open(family.path).text.count('name="slot"') == 5


def test_who_needs_longer_gets_two_in_a_row_on_the_page_in_the_calendar_and_at_the_door(
    client: FlaskClient, drop_in: Event
) -> None:
    family = to_check(Family(client), slot=times_of(drop_in)[0], longer="y").send()
    assert "10am to 10:40am" in family.text
    calendar = family.get(f"{family.path}/calendar.ics").get_data(as_text=True)
    assert "DTSTART;TZID=Europe/London:20260630T100000" in calendar
    assert "DTEND;TZID=Europe/London:20260630T104000" in calendar


def test_one_time_with_each_professional_until_two_days_before(client: FlaskClient, drop_in: Event) -> None:
    officer, visitor = times_of(drop_in)[0], times_of(drop_in, "Health visitor")[0]
    to_check(Family(client), slot=officer).send()
    again = to_check(Family(client), slot=times_of(drop_in)[1]).send()
    assert again.status == 409
    assert "You already have a time with this person" in again.text
    to_check(Family(client), slot=visitor).send()
    assert how_many() == 2


def test_two_in_the_last_two_days(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        slots = times_of(a_drop_in(starts_at=clock.now() + timedelta(hours=47)))
        for slot_id in slots[:2]:
            to_check(Family(client), slot=slot_id).send()
        assert to_check(Family(client), slot=slots[2]).send().status == 409
        assert how_many() == 2


def test_a_stranger_who_types_an_address_learns_nothing_of_its_times(
    app: Flask, client: FlaskClient, drop_in: Event
) -> None:
    first, second, *_others = times_of(drop_in)
    to_check(Family(client), slot=first).send()
    stranger = to_check(Family(app.test_client()), slot=second).send()
    assert "You have a place" in stranger.text
    assert how_many() == 2


def test_who_begins_from_its_own_page_is_known_in_any_browser(app: Flask, client: FlaskClient, drop_in: Event) -> None:
    booking = a_booking(drop_in, slot_id=times_of(drop_in)[0], email="sam@example.net")
    family = Family(client).open(f"/bookings/{booking_token(booking)}")
    family.send(to="/again")
    family.open("/sessions/drop-in/book").send(slot=times_of(drop_in)[1], to="/book")
    assert family.path.endswith("/check"), family.path
    assert family.send(to="/check").status == 409
    assert "You already have a time with this person" in family.text
