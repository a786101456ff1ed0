"""Who helps at the door sees names while the register is open, and neither long before nor long after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Event
from booking.services.book_places import BookingRequest, Person, book_places
from tests.cast import an_event

AWAY = (timedelta(days=2), timedelta(hours=13), -timedelta(days=15))


@pytest.mark.one_database
@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("page", ["", "/close", "?q=zebedee"])
def test_a_volunteer_reads_no_register_that_is_shut(
    in_app: Flask, at_the_door: FlaskClient, away: timedelta, page: str
) -> None:
    number = _moved(an_event(), away)
    answer = at_the_door.get(f"/door/{number}{page}")
    assert answer.status_code == 409
    assert "Zebedee" not in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


@pytest.mark.one_database
@pytest.mark.parametrize("away", AWAY)
def test_an_organiser_reads_every_register(in_app: Flask, organiser: FlaskClient, away: timedelta) -> None:
    number = _moved(an_event(), away)
    answer = organiser.get(f"/door/{number}")
    assert answer.status_code == 200
    assert "Zebedee" in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_a_volunteer_reads_the_register_of_the_day(in_app: Flask, at_the_door: FlaskClient) -> None:
    number = _moved(an_event(), timedelta(hours=11))
    assert "Zebedee" in at_the_door.get(f"/door/{number}").get_data(as_text=True)


def _moved(event: Event, away: timedelta) -> int:
    """Book for Zebedee, then let the session be so far away from now."""
    with transaction():
        book_places(BookingRequest(event_id=event.id, adults=(Person("Zebedee"),), email="z@example.net"))
    with transaction():
        event = db.session.get_one(Event, event.id)
        event.starts_at = clock.now() + away
        event.ends_at = event.starts_at + timedelta(hours=2)
    return event.id
