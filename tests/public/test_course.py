"""A course on the public pages: its page, booking it whole or in part, and the family's own pages."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, Event, Series
from booking.rules.words import BookingStatus, EventStatus
from booking.services.book_course import book_course
from booking.services.book_places import BookingRequest
from tests.cast import a_booking, a_course
from tests.public.family import Family
from tests.public.looking import counting_queries


@pytest.fixture
def course(app: Flask) -> list[str]:
    """The addresses of a course's three dates; the second has one place."""
    with app.app_context():
        events = a_course()
        with transaction():
            db.session.get_one(Event, events[1].id).capacity = 1
        return [event.slug for event in events]


def statuses(app: Flask) -> list[BookingStatus]:
    with app.app_context():
        return list(db.session.scalars(select(Booking.status).join(Booking.event).order_by(Event.starts_at)))


def ids(app: Flask, slugs: list[str]) -> list[int]:
    with app.app_context():
        found = dict(db.session.execute(select(Event.slug, Event.id)).all())
    return [found[slug] for slug in slugs]


def fill(app: Flask, slug: str) -> None:
    with app.app_context():
        a_booking(db.session.scalars(select(Event).where(Event.slug == slug)).one())


def to_check(family: Family, slug: str, **who: object) -> Family:
    family.open(f"/sessions/{slug}/book").send(who)
    family.send(full_name="Sam Carer", contact_by="email", email="sam@example.net")
    while not family.path.endswith("/check"):
        assert family.status == 200, family.text
        family.send()
    return family


class TestBooking:
    @pytest.mark.one_database
    def test_one_date_is_what_you_get_unless_you_say_otherwise(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        to_check(Family(client), course[0]).send()
        assert statuses(app) == [BookingStatus.CONFIRMED]

    @pytest.mark.one_database
    def test_the_whole_course_is_a_place_on_every_date(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = to_check(Family(client), course[1], course="whole")
        assert family.text.count("you get a place") == 3
        family.send()
        assert "You have a place" in family.text
        assert statuses(app) == [BookingStatus.CONFIRMED] * 3

    def test_some_dates_are_those_with_a_tick(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        _first, second, third = ids(app, course)
        to_check(Family(client), course[0], course="some", dates=[second, third]).send()
        with app.app_context():
            assert sorted(db.session.scalars(select(Booking.event_id))) == [second, third]

    def test_some_without_a_tick_is_asked_again(self, client: FlaskClient, course: list[str]) -> None:
        family = Family(client).open(f"/sessions/{course[0]}/book").send(course="some", dates=[])
        assert (family.status, "Tick at least one date." in family.text) == (422, True)

    def test_ticks_and_only_this_date_are_asked_again(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        family = Family(client).open(f"/sessions/{course[0]}/book").send(course="one", dates=ids(app, course))
        assert (family.status, "You ticked some dates." in family.text) == (422, True)

    @pytest.mark.one_database
    def test_a_date_that_does_not_exist_is_not_booked(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        family = Family(client).open(f"/sessions/{course[0]}/book").send(course="some", dates=[2**31, "x"])
        assert family.status == 422
        assert statuses(app) == []

    def test_the_choice_is_there_again_when_one_goes_back(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = to_check(Family(client), course[0], course="some", dates=ids(app, course)[1:])
        family.open(family.path.replace("check", "who"))
        ticked = re.findall(r'name="dates"[^>]*value="(\d+)" checked', family.text)
        assert [int(value) for value in ticked] == ids(app, course)[1:]

    @pytest.mark.one_database
    def test_a_session_on_its_own_does_not_ask(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            [event] = a_course(dates=1)
            slug = event.slug
        assert "Which dates" not in Family(client).open(f"/sessions/{slug}/book").text


class TestADateThatIsFull:
    @pytest.mark.one_database
    def test_is_said_before_and_waited_for_while_the_rest_is_booked(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        fill(app, course[1])
        family = to_check(Family(client), course[0], course="whole")
        assert "There are not enough places for you on: Tuesday 7 July." in family.text
        assert "Book, and join the waiting list" in family.text
        family.send()
        assert statuses(app).count(BookingStatus.CONFIRMED) == 3
        assert statuses(app).count(BookingStatus.WAITING) == 1

    def test_that_became_full_meanwhile_asks_once_more(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = to_check(Family(client), course[0], course="whole")
        fill(app, course[1])
        family.send()
        assert (family.status, statuses(app)) == (409, [BookingStatus.CONFIRMED])
        family.send()
        assert len(statuses(app)) == 4

    def test_that_was_cancelled_meanwhile_is_said_and_left_out(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = to_check(Family(client), course[0], course="whole")
        with app.app_context(), transaction():
            db.session.scalars(select(Event).where(Event.slug == course[2])).one().status = EventStatus.CANCELLED
        family.send()
        assert (family.status, statuses(app)) == (409, [])
        assert "cannot be booked any more" in family.text
        family.send()
        assert statuses(app) == [BookingStatus.CONFIRMED] * 2


class TestTheCoursePage:
    def test_lists_every_date_with_its_places(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        fill(app, course[1])
        family = Family(client).open(course_address(app))
        for day in ("Tuesday 30 June 2026", "Tuesday 7 July 2026", "Tuesday 14 July 2026"):
            assert day in family.text
        assert "Full – you can join the waiting list" in family.text
        assert "Book the whole course" in family.text

    @pytest.mark.one_database
    def test_leads_to_a_form_with_the_whole_course_chosen(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = Family(client).open(course_address(app))
        [whole] = re.findall(r'href="([^"]*course=whole)"', family.text)
        family.open(whole)
        assert re.search(r'value="whole" checked', family.text)

    @pytest.mark.one_database
    def test_says_which_date_a_session_is(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        family = Family(client).open(f"/sessions/{course[1]}")
        assert "Date 2 of 3 of" in family.text
        assert f'href="{course_address(app)}"' in family.text

    @pytest.mark.one_database
    def test_a_cancelled_date_keeps_its_number(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        with app.app_context(), transaction():
            db.session.scalars(select(Event).where(Event.slug == course[0])).one().status = EventStatus.CANCELLED
        assert "Date 2 of 3 of" in Family(client).open(f"/sessions/{course[1]}").text
        assert "This date is cancelled" in Family(client).open(course_address(app)).text

    def test_a_course_of_drafts_is_nobodys_business(self, app: Flask, client: FlaskClient, course: list[str]) -> None:
        address = course_address(app)
        with app.app_context(), transaction():
            for event in db.session.scalars(select(Event)):
                event.status = EventStatus.DRAFT
        assert client.get(address).status_code == 404
        assert client.get("/courses/nothing").status_code == 404


def course_address(app: Flask) -> str:
    with app.app_context():
        return f"/courses/{db.session.scalars(select(Series.slug)).one()}"


class TestTheFamilysOwnPages:
    @pytest.fixture
    def family(self, client: FlaskClient, course: list[str]) -> Family:
        return to_check(Family(client), course[0], course="whole").send()

    @pytest.mark.one_database
    def test_say_which_date_it_is_and_lead_to_the_others(self, family: Family) -> None:
        assert "This is date 1 of 3 of" in family.text
        family.open(others_of(family)[1])
        assert "This is date 3 of 3 of" in family.text
        assert len(others_of(family)) == 2

    @pytest.mark.one_database
    def test_one_date_is_skipped_without_losing_the_rest(self, app: Flask, family: Family) -> None:
        family.open(f"{others_of(family)[0]}/cancel")
        assert "You keep your other dates." in family.text
        family.send(to="/cancel")
        assert "Your booking is cancelled" in family.text
        assert statuses(app) == [BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.CONFIRMED]

    @pytest.mark.one_database
    def test_all_dates_are_cancelled_only_when_asked_for(self, app: Flask, family: Family) -> None:
        address = family.path
        family.open(f"{address}/cancel").open(f"{address}/cancel-course")
        assert "Cancel all your dates?" in family.text
        assert statuses(app) == [BookingStatus.CONFIRMED] * 3
        family.send(to="/cancel-course")
        assert "All your dates of this course are cancelled." in family.text
        assert statuses(app) == [BookingStatus.CANCELLED] * 3
        assert "There is no date to cancel" in family.open(f"{address}/cancel-course").text

    @pytest.mark.one_database
    def test_a_date_that_has_begun_is_left_as_it_is(self, app: Flask, family: Family) -> None:
        address = family.path
        with time_machine.travel("2026-06-30 09:30:00+00:00", tick=True):
            family.open(f"{address}/cancel-course").send(to="/cancel-course")
        assert statuses(app) == [BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.CANCELLED]

    def test_two_families_see_nothing_of_each_other(self, app: Flask, client: FlaskClient, family: Family) -> None:
        mine = {family.path, *others_of(family)}
        other = Family(app.test_client())
        with app.app_context():
            slugs = list(db.session.scalars(select(Event.slug).order_by(Event.starts_at)))
        to_check(other, slugs[0], course="some", dates=[*ids(app, slugs[:1]), *ids(app, slugs[2:])]).send()
        assert not mine & {other.path, *others_of(other)}

    @pytest.mark.one_database
    def test_a_session_booked_alone_names_its_course_and_nothing_more(
        self, app: Flask, client: FlaskClient, course: list[str]
    ) -> None:
        family = to_check(Family(client), course[0]).send()
        assert "This is date 1 of 3 of" in family.text
        assert others_of(family) == []


def others_of(family: Family) -> list[str]:
    return re.findall(r'house-course__date"><a class="govuk-link" href="([^"]+)"', family.text)


@pytest.mark.one_database
class TestWhatIsAskedOfTheDatabase:
    def test_is_the_same_for_two_dates_and_for_six(self, app: Flask, client: FlaskClient) -> None:
        counts = []
        for number in (2, 6):
            with app.app_context():
                slug = a_course(dates=number)[0].series.slug  # type: ignore[union-attr]
            with counting_queries(app) as queries:
                client.get(f"/courses/{slug}")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 4

    def test_is_the_same_on_the_familys_page(self, app: Flask, client: FlaskClient) -> None:
        counts = []
        for number in (2, 6):
            with app.app_context():
                events = a_course(dates=number)
                asked = BookingRequest(event_id=events[0].id, email=f"p{number}@example.net")
                with transaction():
                    token = booking_token(book_course(asked, [event.id for event in events])[0])
            with counting_queries(app) as queries:
                client.get(f"/bookings/{token}")
            counts.append(len(queries))
        assert counts[0] == counts[1]
