"""A district is renamed or becomes one with another: what staff hold, search and bring in goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.attendance_file import COLUMNS
from booking.formats.attendance_input import read_attendance
from booking.formats.pupils_file import read_pupils
from booking.formats.spreadsheets import csv_file
from booking.formats.targets_file import read_targets
from booking.locality import get_locality
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Venue
from booking.queries.closures import sessions_touched
from booking.queries.facts_to_check import places_to_check
from booking.queries.morning import districts_without
from booking.queries.venues import list_venues
from booking.services.export_attendance import file_rows
from booking.services.import_attendance import import_attendance
from booking.web.door.whereabouts import area_of, lives_in
from tests.cast import a_venue, an_event
from tests.made_up_districts import RENAMED, in_force, with_districts
from tests.staff.browse import forms_of, send

AREA = with_districts(get_locality("kent"))
TODAY = date(2026, 6, 16)


@pytest.fixture
def changed(in_app: Flask) -> Iterator[Locality]:
    with in_force(in_app, AREA) as area:
        yield area


def the_venue(venue_id: int) -> Venue:
    db.session.rollback()
    return db.session.get_one(Venue, venue_id, populate_existing=True)


@pytest.mark.usefixtures("changed")
class TestAVenue:
    def test_that_is_saved_again_keeps_what_it_says_of_the_past(self, organiser: FlaskClient) -> None:
        number = a_venue(name="Old Hall", town="Sittingbourne", district="swale", outcode="ME10").id
        page = f"/staff/venues/{number}"
        assert forms_of(organiser.get(page).text)[page]["district"] == ["isles"]
        assert send(organiser, page, name="New name", tell="nobody").status_code == 303
        venue = the_venue(number)
        assert (venue.name, venue.district) == ("New name", "swale")

    def test_is_found_by_the_new_district_and_shown_in_it(self, organiser: FlaskClient) -> None:
        for name, district in (("One", "swale"), ("Two", "thanet"), ("Three", "isles"), ("Four", "ashford")):
            a_venue(name=name, district=district, town="Town")
        assert {row.name for row in list_venues(text="north isles")} == {"One", "Two", "Three"}
        assert {row.name for row in list_venues(text="swale")} == {"One"}
        page = organiser.get("/staff/venues?q=isles").text
        assert page.count("Town, North Isles") == 3
        assert "Swale" not in page

    def test_is_among_those_of_its_district_wherever_staff_choose_one(self) -> None:
        old, new = (a_venue(district=district) for district in ("thanet", "isles"))
        starts_at = clock.london_time(date(2026, 7, 1), 10)
        held = [an_event(venue=venue, starts_at=starts_at) for venue in (old, new)]
        day = clock.start_of_day(date(2026, 7, 1)), clock.end_of_day(date(2026, 7, 1))
        for code in ("isles", "swale"):
            assert {each.event.id for each in sessions_touched(*day, districts=[code])} == {each.id for each in held}
            assert {each.venue.id for each in places_to_check(["quiet_room"], district=code)} == {old.id, new.id}
        assert "isles" not in {each.code for each in districts_without(AREA.on(TODAY))}
        assert RENAMED in {each.code for each in districts_without(AREA.on(TODAY))}


def a_row(number: int, day: str, *, venue: str = "Hall", district: str, family: str) -> str:
    return (
        f"S{number},Coffee,coffee,in_person,{venue},{district},{day}T10:00,{day}T12:00,20,held,"
        f"B{number},one{number}@example.net,{family},x,web,confirmed,{day}T09:00,,attended"
    )


def a_file(*rows: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *rows]).encode()


def bring_in(content: bytes) -> tuple[str, ...]:
    with transaction():
        done = import_attendance(read_attendance(content, locality=AREA, now=clock.now()), locality=AREA)
    return tuple(str(each) for each in done.problems)


def kept() -> dict[str, tuple[str, str]]:
    rows = db.session.execute(
        select(Event.import_id, Venue.district, Booking.district)
        .join(Booking, Booking.event_id == Event.id)
        .outerjoin(Venue, Venue.id == Event.venue_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


@pytest.mark.usefixtures("changed")
class TestPastAttendance:
    def test_takes_the_names_of_the_day_of_each_session(self) -> None:
        assert not bring_in(
            a_file(
                a_row(1, "2026-05-05", district="Swale", family="Dover"),
                a_row(2, "2026-06-02", venue="Other", district="North Isles", family="White Cliffs"),
                a_row(3, "2026-06-03", venue="Third", district="Thanet", family="Swale"),
                a_row(4, "2026-05-06", venue="Fourth", district="White Cliffs", family=""),
            )
        )
        assert kept() == {
            "S1": ("swale", "dover"),
            "S2": ("isles", RENAMED),
            "S3": ("isles", "isles"),
            "S4": ("dover", "unknown"),
        }

    def test_says_what_is_wrong_with_a_name_that_was_not_there_yet(self) -> None:
        problems = bring_in(a_file(a_row(1, "2026-05-05", district="North Isles", family="north isles")))
        sentence = "Swale became North Isles on 20 May 2026, after this session. Write which it was: Swale and Thanet."
        assert [each for each in problems if sentence in each] == list(problems)
        assert {each.split(":")[0] for each in problems} == {"line 2, venue_district", "line 2, family_district"}
        assert kept() == {}

    def test_makes_one_venue_of_the_same_place_before_and_after(self) -> None:
        content = a_file(
            a_row(2, "2026-06-02", district="North Isles", family=""),
            a_row(1, "2026-05-05", district="Swale", family=""),
        )
        assert not bring_in(content)
        assert not bring_in(a_file(a_row(3, "2026-06-09", district="North Isles", family="")))
        assert [each.district for each in db.session.scalars(select(Venue))] == ["swale"]
        assert len(kept()) == 3

    def test_two_halls_of_one_name_in_both_stay_two(self) -> None:
        assert not bring_in(
            a_file(
                a_row(1, "2026-05-05", district="Swale", family=""),
                a_row(2, "2026-05-05", district="Thanet", family=""),
            )
        )
        assert {each[0] for each in kept().values()} == {"swale", "thanet"}

    def test_that_goes_out_comes_in_again_the_same(self) -> None:
        content = a_file(
            a_row(1, "2026-05-05", district="Swale", family="Dover"),
            a_row(2, "2026-06-02", district="North Isles", family="White Cliffs"),
        )
        assert not bring_in(content)
        out = b"".join(csv_file(COLUMNS, file_rows(AREA)))
        text = out.decode()
        assert ",Swale," in text
        assert ",Dover," in text
        assert ",North Isles," in text
        assert ",White Cliffs," in text
        with transaction():
            again = import_attendance(read_attendance(out, locality=AREA, now=clock.now()), locality=AREA)
        assert (again.problems, again.bookings) == ((), 0)


PUPILS = "district,year,pupils_sen_support,pupils_ehcp,source,published_on"
TARGETS = "metric_id,breakdown,category,value,agreed_by,agreed_on"


@pytest.mark.one_database
@pytest.mark.usefixtures("in_app")
class TestPupils:
    def read(self, row: str) -> tuple[list[str], list[str]]:
        file = read_pupils(f"{PUPILS}\n{row}\n".encode(), AREA.on(TODAY), today=TODAY)
        return [each.district for each in file.rows], [str(each) for each in file.problems]

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("Swale,2025,1,1,KCC,2025-07-01", "swale"),
            ("Swale,2026,1,1,KCC,2026-06-01", "swale"),
            ("North Isles,2026,1,1,KCC,2026-06-01", "isles"),
            ("Dover,2026,1,1,KCC,2026-05-01", "dover"),
            ("White Cliffs,2026,1,1,KCC,2026-06-01", RENAMED),
        ],
    )
    def test_come_under_the_names_of_the_source(self, row: str, code: str) -> None:
        assert self.read(row) == ([code], [])

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (
                "North Isles,2025,1,1,KCC,2025-07-01",
                "line 2, district: Swale became North Isles on 20 May 2026, after this was published. "
                "Write Swale and Thanet, each by itself.",
            ),
            (
                "Swale,2027,1,1,KCC,2026-06-01",
                "line 2, district: Swale became North Isles on 20 May 2026. "
                "Write the number of that for the school year that ends in 2027.",
            ),
        ],
    )
    def test_of_a_district_that_was_not_there_are_refused_with_what_to_write(self, row: str, sentence: str) -> None:
        assert self.read(row) == ([], [sentence])

    def test_of_a_council_called_like_one_of_before_are_told_apart_by_the_day(self) -> None:
        area = with_districts(get_locality("kent"), name="Swale").on(TODAY)
        content = f"{PUPILS}\nSwale,2025,1,1,KCC,2025-07-01\nSwale,2026,2,2,KCC,2026-06-01\n".encode()
        assert [each.district for each in read_pupils(content, area, today=TODAY).rows] == ["swale", "isles"]


@pytest.mark.one_database
class TestTargets:
    def read(self, category: str, agreed_on: str) -> tuple[list[str], list[str]]:
        row = f"M06,residence_district,{category},20,Board,{agreed_on}"
        file = read_targets(f"{TARGETS}\n{row}\n".encode(), AREA.on(TODAY), today=TODAY)
        return [each.category for each in file.rows], [str(each) for each in file.problems]

    @pytest.mark.usefixtures("in_app")
    def test_are_for_the_districts_of_the_day_they_were_agreed_on_or_of_later_ones(self) -> None:
        assert self.read("Swale", "2026-05-01") == (["swale"], [])
        assert self.read("North Isles", "2026-05-01") == (["isles"], [])
        assert self.read("North Isles", "2026-06-01") == (["isles"], [])

    @pytest.mark.usefixtures("in_app")
    def test_for_a_district_that_had_ended_are_refused(self) -> None:
        codes, problems = self.read("Swale", "2026-06-01")
        assert codes == []
        assert problems[0].startswith("line 2, category: Swale became North Isles on 20 May 2026:")


@pytest.mark.one_database
@pytest.mark.usefixtures("changed")
def test_the_door_asks_for_the_districts_of_the_day_of_the_session() -> None:
    before, after = Event(starts_at=datetime.fromisoformat("2026-05-19T09:00:00+00:00")), an_event()
    assert "swale" in {each.code for each in area_of(before).districts}
    assert "swale" not in {each.code for each in area_of(after).districts}
    assert (lives_in("swale", before), lives_in("swale", after)) == (("", "swale"), ("", "isles"))
    assert lives_in("isles", before) == ("", "unknown")
    assert lives_in("CT9", before)[1] == "thanet"
    assert lives_in("CT9", after)[1] == "isles"
