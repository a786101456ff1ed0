"""What others write between the working out of an import and its writing neither harms it nor is harmed by it."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from booking import clock
from booking.extensions import db, let_go, transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import Reading, read_attendance
from booking.formats.spreadsheets import csv_file
from booking.models import Adult, Booking, BookingChange, Event, Family, Message, Place
from booking.queries.installation import our_locality
from booking.services.export_attendance import file_rows
from booking.services.import_attendance import Imported, Plan, import_attendance, plan_import
from tests.bench.lists import a_file
from tests.cast import a_booking, a_venue, an_event

ROWS = 60


def read(rows: int = ROWS) -> Reading:
    return read_attendance(a_file(rows), locality=our_locality(), now=clock.now())


def planned(reading: Reading) -> Plan:
    plan = plan_import(reading, locality=our_locality(), to_write=True)
    let_go()
    return plan


def written(reading: Reading, plan: Plan) -> Imported:
    with transaction():
        return import_attendance(reading, plan=plan, locality=our_locality())


def came_in() -> Counter[tuple[str, ...]]:
    """Return what is in the database as a file would say it, but for names that are our own."""
    ours = [COLUMNS.index(name) for name in ("session_id", "booking_id", "family_id", "adult_id")]
    lines = b"".join(csv_file(COLUMNS, file_rows(our_locality()))).decode().splitlines()[1:]
    rows = [line.split(",") for line in lines]
    return Counter(tuple(cell for place, cell in enumerate(row) if place not in ours) for row in rows)


def families_of(reading: Reading) -> Counter[int]:
    """Return how many places each family has, sorted away from who it is."""
    return Counter(Counter(row.family_id for row in reading.rows).values())


def test_numbers_that_others_took_meanwhile_are_left_to_them(in_app: Flask) -> None:
    reading = read()
    plan = planned(reading)
    theirs = [
        a_booking(an_event(venue_id=a_venue().id), adults=("Ann Able", "Bob Able"), email=f"{n}@example.net")
        for n in range(3)
    ]
    told = [(each.id, each.event_id, each.family_id, each.reference) for each in theirs]
    done = written(reading, plan)
    assert done.places == ROWS
    for number, event_id, family_id, reference in told:
        kept = db.session.get_one(Booking, number)
        assert (kept.event_id, kept.family_id, kept.reference, len(kept.places)) == (event_id, family_id, reference, 2)
    places = select(Place).join(Booking).where(Booking.import_id.is_not(None))
    rows = {row.booking_id: row for row in reading.rows}
    for place in db.session.scalars(places):
        row = rows[place.booking.import_id or ""]
        assert place.booking.event.import_id == row.session_id
        assert place.booking.district == row.family_district
        assert place.adult is not None
        assert place.adult.family_id == place.booking.family_id
    by_family = (
        select(func.count(Place.id)).join(Booking).where(Booking.import_id.is_not(None)).group_by(Booking.family_id)
    )
    assert Counter(db.session.scalars(by_family)) == families_of(reading)
    later = a_booking(an_event(), email="later@example.net")
    assert later.id > max(db.session.scalars(select(Booking.id).where(Booking.import_id.is_not(None))))


def test_the_same_file_that_came_in_meanwhile_is_not_doubled(in_app: Flask) -> None:
    reading = read()
    plan, other = planned(reading), planned(reading)
    assert written(reading, other).places == ROWS
    done = written(reading, plan)
    assert (done.places, done.known_bookings) == (0, len({row.booking_id for row in reading.rows}))
    assert db.session.scalar(select(func.count(Place.id))) == ROWS


def test_a_family_that_booked_meanwhile_is_the_family_of_the_file(in_app: Flask) -> None:
    reading = read()
    plan = planned(reading)
    email = reading.rows[0].family_id
    family_id = a_booking(an_event(), email=email).family_id
    written(reading, plan)
    found = select(Booking.family_id).where(Booking.import_id == reading.rows[0].booking_id)
    assert db.session.scalar(found) == family_id


def test_a_family_that_went_meanwhile_is_made_anew(in_app: Flask) -> None:
    reading = read()
    key = "6f6c9e3a-0000-4000-8000-000000000000"
    with transaction():
        db.session.add(Family(key=key))
    first = read_attendance(
        a_file(ROWS).replace(reading.rows[0].family_id.encode(), key.encode()),
        locality=our_locality(),
        now=clock.now(),
    )
    plan = planned(first)
    with transaction():
        db.session.execute(delete(Family))
    assert written(first, plan).places == ROWS
    assert db.session.scalars(select(Family.key)).all().count(key) == 1


@pytest.mark.one_database
def test_no_number_of_a_booking_is_used_again(in_app: Flask) -> None:
    """A family's link follows from it."""
    gone = a_booking(an_event()).id
    with transaction():
        for model in (Place, Adult, Message, BookingChange, Booking):
            db.session.execute(delete(model))
    reading = read()
    written(reading, planned(reading))
    assert min(db.session.scalars(select(Booking.id))) == gone + 1


def test_is_the_same_as_without_a_plan(in_app: Flask) -> None:
    reading = read()
    written(reading, planned(reading))
    with_plan = came_in()
    assert sum(with_plan.values()) == ROWS
    with transaction():
        for model in (Place, Adult, Booking, Event, Family):
            db.session.execute(delete(model))
    with transaction():
        import_attendance(reading, locality=our_locality())
    assert came_in() == with_plan
