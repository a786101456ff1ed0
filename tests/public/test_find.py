"""Finding a session: what is listed, in which order, and what happens when nothing fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.models import VenueFact
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, FactAnswer
from tests.cast import a_venue, an_event
from tests.public.looking import counting_queries, html, page, titles

MARGATE = {"town": "Margate", "outcode": "CT9", "district": "thanet", "easting": 635400, "northing": 170800}
DOVER = {"town": "Dover", "outcode": "CT16", "district": "dover", "easting": 631400, "northing": 142100}


def a_fact(venue_id: int, code: str, answer: FactAnswer) -> None:
    with transaction():
        db.session.add(VenueFact(venue_id=venue_id, code=code, answer=answer, checked_on=date(2026, 5, 1)))


class TestTheList:
    def test_is_by_day_and_then_by_time(self, in_app: Flask, client: FlaskClient) -> None:
        day = clock.today() + timedelta(days=3)
        an_event(title="Second", starts_at=clock.london_time(day, 14))
        an_event(title="Third", starts_at=clock.london_time(day + timedelta(days=1), 9))
        an_event(title="First", starts_at=clock.london_time(day, 9, 30))
        found = html(client, "/sessions")
        assert titles(found) == ["First", "Second", "Third"]
        assert found.count('class="house-day"') == 2
        assert "9:30am to 11:30am" in found

    def test_leaves_out_drafts_cancelled_and_ended_ones(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Draft", status=EventStatus.DRAFT)
        an_event(title="Cancelled", status=EventStatus.CANCELLED)
        an_event(title="Over", starts_at=clock.now() - timedelta(hours=3))
        an_event(title="On now", starts_at=clock.now() - timedelta(hours=1))
        assert titles(html(client, "/sessions")) == ["On now"]

    def test_says_the_places_left_in_words(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(capacity=10, places_taken=7)
        an_event(capacity=10, places_taken=9)
        an_event(capacity=10, places_taken=10)
        an_event(capacity=40)
        an_event(booking_mode=BookingMode.OPEN, capacity=None)
        an_event(new_date_pending=True)
        found = page(client, "/sessions")
        for words in ("3 places left", "1 place left", "Full – you can join the waiting list", "Plenty of places"):
            assert found.count(words) == 1
        assert "Just turn up" in found
        assert "Put off – the new date is not known yet" in found

    def test_goes_on_on_further_pages_and_keeps_the_search(self, in_app: Flask, client: FlaskClient) -> None:
        venue = a_venue(**MARGATE)
        for number in range(31):
            day = clock.today() + timedelta(days=1 + number)
            an_event(title=f"Forum {number:02}", venue_id=venue.id, starts_at=clock.london_time(day, 10))
        first = html(client, "/sessions?district=thanet")
        assert len(titles(first)) == 30
        assert 'href="/sessions?district=thanet&amp;page=2"' in first
        assert titles(html(client, "/sessions?district=thanet&page=2")) == ["Forum 30"]
        assert titles(html(client, "/sessions?place=CT9&page=2")) == ["Forum 30"]

    @pytest.mark.parametrize("number", ["0", "-1", "99999", "9" * 40, "two", "²", "1e3"])
    def test_an_impossible_page_is_a_possible_one(self, in_app: Flask, client: FlaskClient, number: str) -> None:
        an_event(title="Only")
        assert titles(html(client, f"/sessions?page={number}")) == ["Only"]

    @pytest.mark.parametrize("address", ["/", "/sessions", "/sessions?place=CT9&with=hearing_loop&time=daytime"])
    def test_asks_the_database_as_often_for_twenty_as_for_one(
        self, app: Flask, client: FlaskClient, address: str
    ) -> None:
        with app.app_context():
            a_fact(an_event().venue_id, "hearing_loop", FactAnswer.YES)
        client.get(address)
        with counting_queries(app) as for_one:
            client.get(address)
        with app.app_context():
            for _each in range(19):
                a_fact(an_event().venue_id, "hearing_loop", FactAnswer.YES)
        with counting_queries(app) as for_twenty:
            client.get(address)
        assert len(for_one) == len(for_twenty) <= 3


class TestPlace:
    def test_the_nearest_comes_first_with_its_distance(self, in_app: Flask, client: FlaskClient) -> None:
        soon, later = clock.now() + timedelta(days=2), clock.now() + timedelta(days=9)
        an_event(title="In Dover", venue_id=a_venue(**DOVER).id, starts_at=soon)
        an_event(title="In Margate", venue_id=a_venue(**MARGATE).id, starts_at=later)
        an_event(title="Online", delivery=Delivery.ONLINE, starts_at=soon)
        found = html(client, "/sessions?place=CT9")
        assert titles(found) == ["In Margate", "In Dover", "Online"]
        assert "less than a mile away" in found
        assert "18 miles away" in found

    @pytest.mark.parametrize("typed", ["Margate", "margate", "ct9", "CT9 "])
    def test_towns_and_outcodes_are_understood(self, in_app: Flask, client: FlaskClient, typed: str) -> None:
        an_event(title="In Margate", venue_id=a_venue(**MARGATE).id)
        assert "mile" in page(client, f"/sessions?place={typed}")

    def test_a_full_postcode_is_cut_to_its_first_part_at_once(self, in_app: Flask, client: FlaskClient) -> None:
        response = client.get("/sessions?place=CT9+1AA&kind=forum&with=hearing_loop&with=quiet_room")
        assert response.status_code == 303
        assert response.location == "/sessions?place=CT9&kind=forum&with=hearing_loop&with=quiet_room"

    def test_a_full_postcode_we_do_not_know_is_cut_too(self, in_app: Flask, client: FlaskClient) -> None:
        response = client.get("/sessions?place=SW1A1AA")
        assert response.location == "/sessions?place=SW1A"

    def test_a_district_typed_as_a_place_is_taken_for_the_district(self, in_app: Flask, client: FlaskClient) -> None:
        assert client.get("/sessions?place=Thanet").location == "/sessions?district=thanet"

    @pytest.mark.parametrize("typed", ["Atlantis", "ZZ99", "<script>alert(1)</script>", "x" * 500, "\x00", "%F0%9F"])
    def test_an_unknown_place_gets_a_gentle_message_and_stays_in_its_field(
        self, in_app: Flask, client: FlaskClient, typed: str
    ) -> None:
        an_event(title="Shown all the same")
        found = html(client, f"/sessions?place={typed}")
        assert titles(found) == ["Shown all the same"]
        assert "<script>alert" not in found
        if typed == "Atlantis":
            assert "<title>Error: Sessions" in found
            assert 'href="#place"' in found
            assert 'value="Atlantis"' in found


class TestFilters:
    def test_district(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="In Thanet", venue_id=a_venue(**MARGATE).id)
        an_event(title="In Dover", venue_id=a_venue(**DOVER).id)
        assert titles(html(client, "/sessions?district=thanet")) == ["In Thanet"]

    def test_kind_and_online(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Forum")
        an_event(title="Talk", kind=EventKind.WEBINAR, delivery=Delivery.ONLINE)
        an_event(title="Both", delivery=Delivery.HYBRID)
        assert titles(html(client, "/sessions?kind=webinar")) == ["Talk"]
        assert titles(html(client, "/sessions?online=y")) == ["Talk", "Both"]

    def test_time_of_day_is_londons(self, in_app: Flask, client: FlaskClient) -> None:
        day = date(2026, 6, 24)  # a Wednesday in term, in summer time
        an_event(title="Morning", starts_at=clock.london_time(day, 10))
        an_event(title="Early", starts_at=clock.london_time(day, 8))
        an_event(title="Late", starts_at=clock.london_time(day, 18))
        an_event(title="Saturday", starts_at=clock.london_time(day + timedelta(days=3), 18))
        assert titles(html(client, "/sessions?time=school_run_safe")) == ["Morning"]
        assert titles(html(client, "/sessions?time=daytime")) == ["Early", "Morning"]
        assert titles(html(client, "/sessions?time=evening")) == ["Late"]
        assert titles(html(client, "/sessions?time=weekend")) == ["Saturday"]

    @pytest.mark.parametrize("query", ["district=x", "kind=x", "time=x", "with=x", "with=x&with=y", "kind=x%00"])
    def test_unknown_values_get_a_message_and_ask_for_nothing(
        self, in_app: Flask, client: FlaskClient, query: str
    ) -> None:
        an_event(title="Shown all the same")
        found = html(client, f"/sessions?{query}")
        assert titles(found) == ["Shown all the same"]
        assert "There is a problem" in found

    def test_what_is_chosen_stays_chosen(self, in_app: Flask, client: FlaskClient) -> None:
        found = html(client, "/sessions?district=thanet&kind=forum&time=evening&online=y&with=quiet_room")
        for chosen in ('"thanet" selected', '"forum" selected', '"evening" selected'):
            assert f"value={chosen}" in found
        assert 'type="checkbox" value="y" checked' in found
        assert 'value="quiet_room" checked' in found


class TestPlacesWith:
    @pytest.fixture
    def venues(self, in_app: Flask) -> None:
        for answer in FactAnswer:
            event = an_event(title=answer.value)
            a_fact(event.venue_id, "hearing_loop", answer)
        an_event(title="no row")
        an_event(title="online", delivery=Delivery.ONLINE)

    @pytest.mark.usefixtures("venues")
    def test_yes_and_partly_fit_and_partly_says_so(self, client: FlaskClient) -> None:
        found = html(client, "/sessions?with=hearing_loop")
        assert titles(found)[:2] == ["yes", "partly"]
        assert found.count("<strong>Partly:</strong> Hearing loop.") == 1
        assert "2 sessions" in found

    @pytest.mark.usefixtures("venues")
    def test_not_checked_is_neither_yes_nor_no(self, client: FlaskClient) -> None:
        found = html(client, "/sessions?with=hearing_loop")
        assert titles(found)[2:] == ["not_checked", "no row"]
        assert "These might fit: we have not checked yet" in found
        assert "no" not in titles(found)

    def test_all_of_several_must_be_there(self, in_app: Flask, client: FlaskClient) -> None:
        both, one = an_event(title="Both"), an_event(title="One")
        for code in ("hearing_loop", "quiet_room"):
            a_fact(both.venue_id, code, FactAnswer.YES)
        a_fact(one.venue_id, "hearing_loop", FactAnswer.YES)
        a_fact(one.venue_id, "quiet_room", FactAnswer.NO)
        assert titles(html(client, "/sessions?with=hearing_loop&with=quiet_room")) == ["Both"]


class TestNothingFits:
    def test_the_nearest_and_online_ones_are_shown_instead(self, in_app: Flask, client: FlaskClient) -> None:
        dover, margate = a_venue(**DOVER), a_venue(**MARGATE)
        far = [an_event(title=f"Dover {number}", venue_id=dover.id) for number in range(3)]
        an_event(title="Margate", venue_id=margate.id, starts_at=far[0].starts_at + timedelta(days=5))
        an_event(title="At home", delivery=Delivery.ONLINE)
        found = html(client, "/sessions?place=CT9&kind=coffee&time=evening")
        assert titles(found) == ["Margate", "Dover 0", "Dover 1", "At home"]
        assert "Nearest instead" in found
        assert 'href="/sessions?place=CT9&amp;time=evening">Look for all kinds of session' in found

    def test_of_a_district_the_nearest_are_those_around_it(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Ashford")
        an_event(title="Dover", venue_id=a_venue(**DOVER).id, starts_at=clock.now() + timedelta(days=20))
        assert titles(html(client, "/sessions?district=thanet")) == ["Dover", "Ashford"]

    def test_an_empty_house_has_calm_pages(self, client: FlaskClient) -> None:
        assert "No session fits all of that" in page(client, "/sessions")
        assert "No sessions are planned yet" in page(client, "/")


class TestTheFirstPage:
    def test_the_map_and_the_list_say_the_same(self, in_app: Flask, client: FlaskClient) -> None:
        thanet = a_venue(**MARGATE)
        an_event(venue_id=thanet.id)
        an_event(venue_id=thanet.id)
        found = html(client, "/")
        assert 'aria-label="Thanet: 2 sessions"' in found
        assert 'Thanet</a> <span class="house-districts__count">2 sessions' in found
        assert found.count('href="/sessions?district=thanet"') == 2

    def test_shows_what_comes_next(self, in_app: Flask, client: FlaskClient) -> None:
        for number in range(8):
            an_event(title=f"Forum {number}")
        assert titles(html(client, "/")) == [f"Forum {number}" for number in range(6)]
