"""Measure staff pages on a full house against the same pages on a tenth of it, and finding a sealed name."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db, transaction
from booking.models import Adult, Booking, Event, Family, NeedRequest, Place
from booking.rules.words import BookingStatus, ContactBy, NeedState, Origin
from booking.services.demo.names import FIRST, LAST
from booking.services.index_names import BATCH
from tests.cast import a_venue, an_event, sign_in, somebody_with_every_role
from tests.staff.browse import forms_of

ROUNDS = 7
MOVED = 120
"""Families of the one session whose move is looked at beforehand."""

TO_DO = (NeedState.REQUESTED, NeedState.PLANNING, NeedState.ARRANGED)
"""Something is left to do about each promise; about the last kind by a day that follows from its session's."""


@dataclass(frozen=True, kw_only=True)
class House:
    """How much there is."""

    sessions: int
    venues: int
    bookings: int


FULL = House(sessions=500, venues=300, bookings=20_000)
TENTH = House(sessions=50, venues=30, bookings=2_000)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A page and its seconds."""

    what: str
    seconds: float


def fill(app: Flask, house: House) -> int:
    """Make sessions of the next three months with families on them; return the one that 120 families booked."""
    rng = Random(1)
    with app.app_context():
        venues = [a_venue(easting=590_000 + 100 * number).id for number in range(house.venues)]
        today = clock.today()
        events = [
            an_event(
                venue_id=venues[number % len(venues)],
                starts_at=clock.london_time(today + timedelta(days=1 + number % 90), 9 + number % 8),
                capacity=500,
            ).id
            for number in range(house.sessions)
        ]
        numbers = list(range(house.bookings))
        for start in range(0, house.bookings, BATCH):
            with transaction():
                db.session.add_all(
                    _a_booking(rng, number, events[0] if number < MOVED else events[1 + number % (len(events) - 1)])
                    for number in numbers[start : start + BATCH]
                )
            db.session.expunge_all()
        return events[0]


def _a_booking(rng: Random, number: int, event_id: int) -> Booking:
    email = f"family{number}@example.net"
    adult = Adult(name=f"{rng.choice(FIRST)} {rng.choice(LAST)}")
    family = Family(email_hash=lookup_hash("email", email), adults=[adult])
    booking = Booking(
        event_id=event_id,
        family=family,
        reference=f"{number:06d}",
        status=BookingStatus.CONFIRMED,
        confirmed_at=clock.now(),
        origin=Origin.WEB,
        contact_by=ContactBy.EMAIL,
        email=email,
        ical_uid=f"{uuid.uuid4()}@bench.example",
        places=[Place(adult=adult)],
    )
    if number % 10 == 0:
        state = TO_DO[number // 10 % len(TO_DO)]
        booking.needs = [NeedRequest(code="bsl", state=state, lead_ok=True, due_on=clock.today())]
    return booking


def time_pages(app: Flask, event_id: int) -> Iterator[Timed]:
    """Time the pages that staff open most, each the median of some rounds."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, somebody_with_every_role())
        venue_id = db.session.scalars(select(Event.venue_id).where(Event.id == event_id)).one()
        booking_id = db.session.scalars(select(Booking.id).where(Booking.event_id == event_id).limit(1)).one()
    pages = {
        "today": "/staff/",
        "sessions": "/staff/sessions",
        "venues": "/staff/venues",
        "venues, the last page": "/staff/venues?page=99",
        "places to check": "/staff/venues/to-check",
        "a venue's calendar": f"/staff/venues/{venue_id}/calendar",
        "promises": "/staff/promises",
        "promises, the last page": "/staff/promises?page=99",
        "promises of one kind": "/staff/promises?kind=bsl",
        "people to ring": "/staff/calls",
        "a booking": f"/staff/bookings/{booking_id}",
        "find a family, empty": "/staff/find-booking",
    }
    for what, path in pages.items():
        yield Timed(what=what, seconds=median_of(client, path))
    form = client.get("/staff/find-booking")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)
    assert token
    for typed in ("ma", "mar", "smith an"):
        said = {"csrf_token": token[1], "said": typed, "typing": "yes"}
        yield Timed(what=f"find “{typed}”", seconds=median_of(client, "/staff/find-booking", said))
    yield Timed(what=f"look at a move of {MOVED} families", seconds=median_of(client, *_move(client, event_id)))


def _move(client: FlaskClient, event_id: int) -> tuple[str, dict[str, str]]:
    """Fill in the form of a move by one hour, up to its preview."""
    path = f"/staff/sessions/{event_id}/move"
    fields = {name: values[0] for name, values in forms_of(client.get(path))[path].items()}
    return path, fields | {"starts": "10:00", "ends": "12:30"}


def median_of(client: FlaskClient, path: str, fields: dict[str, str] | None = None, *, rounds: int = ROUNDS) -> float:
    """Return the median of the seconds that a page takes, or a form that is sent."""
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        answer = client.get(path) if fields is None else client.post(path, data=fields)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.status_code)
    return median(took)
