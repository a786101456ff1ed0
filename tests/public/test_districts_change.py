"""A district is renamed or becomes one with another: old links, calendars and forms lead on, and find all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.locality.kinds import Locality
from booking.models import Event, Subscription, Wish
from booking.queries.news_sessions import news_for, upcoming_sessions
from booking.queries.subscriptions import count_active_by_district
from booking.queries.wishes import wishes_by_district
from booking.rules.words import SubscriptionStatus, WishReason
from tests.cast import a_venue, an_event, an_issue
from tests.made_up_districts import CHANGE, RENAMED, in_force, with_districts
from tests.public.family import Family
from tests.public.looking import text_of

TITLES = ("In Swale", "In Thanet", "In the North Isles")


@pytest.fixture
def changed(in_app: Flask) -> Iterator[Locality]:
    with in_force(in_app, with_districts(get_locality("kent"))) as area:
        yield area


@pytest.fixture
def sessions(changed: Locality) -> None:
    for title, district in zip(TITLES, ("swale", "thanet", "isles"), strict=True):
        an_event(title=title, venue=a_venue(name=title, district=district, outcode="ME10"))
    an_event(title="In Ashford", venue=a_venue())
    an_event(title="At the cliffs", venue=a_venue(district="dover"))


def titles_in(text: str) -> set[str]:
    return {title for title in (*TITLES, "In Ashford", "At the cliffs") if title in text}


@pytest.mark.usefixtures("sessions")
class TestAnOldAddress:
    @pytest.mark.parametrize("old", ["swale", "thanet"])
    def test_of_a_search_leads_on_and_keeps_the_rest_of_it(self, client: FlaskClient, old: str) -> None:
        answer = client.get(f"/sessions?district={old}&kind=forum")
        assert (answer.status_code, answer.location) == (303, "/sessions?kind=forum&district=isles")

    @pytest.mark.parametrize("code", ["swale", "thanet", "isles"])
    def test_of_a_calendar_shows_all_that_is_there_now(self, client: FlaskClient, code: str) -> None:
        answer = client.get(f"/calendar/{code}.ics")
        assert answer.status_code == 200
        assert titles_in(answer.text) == set(TITLES)
        assert "North Isles" in answer.text
        assert answer.data == client.get("/calendar/isles.ics").data

    def test_of_a_renamed_district_shows_what_was_there(self, client: FlaskClient) -> None:
        for code in ("dover", RENAMED):
            assert titles_in(client.get(f"/calendar/{code}.ics").text) == {"At the cliffs"}

    def test_of_a_calendar_tells_programs_that_ask_what_is_new(
        self, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        with transaction():
            for event in db.session.scalars(select(Event)):
                event.changed_at = clock.start_of_day(CHANGE) - timedelta(days=9)
        summer.move_to(clock.start_of_day(CHANGE) - timedelta(minutes=1))
        asked = {"If-Modified-Since": client.get("/calendar/swale.ics").headers["Last-Modified"]}
        assert client.get("/calendar/swale.ics", headers=asked).status_code == 304
        summer.move_to(clock.start_of_day(CHANGE))
        assert client.get("/calendar/swale.ics", headers=asked).status_code == 200

    @pytest.mark.parametrize("code", ["swale", "isles"])
    def test_of_the_interface_gives_the_same_and_names_the_new_one(self, client: FlaskClient, code: str) -> None:
        found = client.get(f"/api/v1/sessions?district={code}").get_json()["sessions"]
        assert {each["title"] for each in found} == set(TITLES)
        assert {each["district"] for each in found} == {"isles"}

    def test_of_a_frame_gives_the_same(self, client: FlaskClient) -> None:
        page = client.get("/embed?district=swale").text
        assert titles_in(page) == set(TITLES)
        assert "North Isles" in page

    def test_of_what_was_raised_gives_the_same(self, client: FlaskClient) -> None:
        event = an_event(venue=a_venue(district="thanet"))
        an_issue(event, text="The lift is broken.")
        for code in ("swale", "thanet", "isles"):
            page = client.get(f"/you-said-we-did?district={code}").text
            assert "The lift is broken." in page
            assert "North Isles" in page
        assert "The lift is broken." not in client.get("/you-said-we-did?district=ashford").text


@pytest.mark.usefixtures("sessions")
class TestASearch:
    def test_by_the_new_district_finds_the_places_of_all_it_was(self, client: FlaskClient) -> None:
        assert titles_in(text_of(client.get("/sessions?district=isles").text)) == set(TITLES)

    @pytest.mark.parametrize("typed", ["Swale", "north isles", "Thanet"])
    def test_by_an_old_name_leads_on(self, client: FlaskClient, typed: str) -> None:
        answer = client.get("/sessions", query_string={"place": typed})
        assert (answer.status_code, answer.location) == (303, "/sessions?district=isles")

    def test_counts_each_session_once_on_the_first_page(self, client: FlaskClient) -> None:
        page = client.get("/").text
        assert 'href="/sessions?district=isles"' in page
        assert "North Isles: 3 sessions" in page
        assert "district=swale" not in page


@pytest.mark.one_database
class TestAForm:
    @pytest.mark.parametrize("address", ["/sessions", "/news", "/calendars"])
    def test_offers_todays_districts_alone(self, changed: Locality, client: FlaskClient, address: str) -> None:
        page = client.get(address).text
        assert "North Isles" in page
        assert ">Swale<" not in page

    @pytest.mark.parametrize("address", ["/sessions", "/news", "/calendars", "/"])
    def test_offers_what_is_still_there_the_day_before(
        self, changed: Locality, client: FlaskClient, summer: time_machine.Traveller, address: str
    ) -> None:
        summer.move_to(clock.start_of_day(CHANGE) - timedelta(minutes=1))
        page = client.get(address).text
        assert "Swale" in page
        assert "North Isles" not in page
        assert client.get("/calendar/isles.ics").status_code == 404
        assert client.get("/api/v1/sessions?district=isles").status_code == 400
        summer.move_to(clock.start_of_day(CHANGE))
        assert "North Isles" in client.get(address).text

    def test_asks_in_which_of_todays_districts_an_outcode_lies(self, changed: Locality, client: FlaskClient) -> None:
        document = client.get("/api/v1/openapi.json").text
        assert "isles" in document
        assert "swale" not in document


def follows(number: int, district: str) -> Subscription:
    row = Subscription(
        email_hash=f"{number}",
        email=f"{number}@example.net",
        district=district,
        kinds=[],
        status=SubscriptionStatus.ACTIVE,
        lang="en",
        confirmed_at=clock.now(),
    )
    db.session.add(row)
    return row


@pytest.mark.usefixtures("sessions")
class TestWhoFollowsADistrict:
    def test_hears_of_all_that_it_became(self) -> None:
        with transaction():
            rows = [follows(1, "swale"), follows(2, "isles"), follows(3, "dover")]
        told = [{news.session.row.title for news in news_for([row], upcoming_sessions())} for row in rows]
        assert told == [set(TITLES), set(TITLES), {"At the cliffs"}]

    def test_is_counted_once(self) -> None:
        with transaction():
            follows(1, "swale"), follows(1, "thanet"), follows(2, "isles")
        assert count_active_by_district()["isles"] == 2

    def test_finds_the_district_of_today_in_the_form(self, client: FlaskClient) -> None:
        family = Family(client)
        family.open("/news?district=swale")
        assert 'value="isles" selected' in family.text or 'selected value="isles"' in family.text


def test_wishes_of_both_are_counted_together(changed: Locality) -> None:
    with transaction():
        for district in ("swale", "thanet", "isles", "dover"):
            db.session.add(Wish(reason=WishReason.TOPIC, district=district))
    found = {each.district: each.total for each in wishes_by_district(since=clock.now() - timedelta(days=1))}
    assert found == {"isles": 3, RENAMED: 1}


@pytest.mark.one_database
def test_a_wish_of_today_is_of_a_district_of_today(changed: Locality, client: FlaskClient) -> None:
    family = Family(client)
    family.open("/wish").send({"place": "Swale"}, reason="topic")
    assert db.session.scalars(select(Wish.district)).all() == ["isles"]
