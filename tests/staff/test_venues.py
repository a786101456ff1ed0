"""Venues and what is known of them."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import Event, Venue, VenueFact
from booking.rules.words import FactAnswer
from tests.cast import a_venue, an_event
from tests.staff.browse import forms_of, send

GOOD = {"name": "Rose Hall", "town": "Ashford", "postcode": "tn23 1pp", "fire_limit": "80"}


def the_venue() -> Venue:
    db.session.rollback()
    return db.session.scalars(select(Venue).execution_options(populate_existing=True)).one()


class TestMakingAVenue:
    def test_finds_its_place_by_the_postcode(self, app: Flask, organiser: FlaskClient) -> None:
        answer = send(organiser, "/staff/venues/new", **GOOD)
        assert answer.status_code == 303
        with app.app_context():
            venue = the_venue()
            assert (venue.code, venue.postcode, venue.outcode) == ("rose-hall-ashford", "TN23 1PP", "TN23")
            assert venue.district == "ashford"
            assert venue.lat is not None
            assert venue.lon is not None
            assert 51.1 < venue.lat < 51.2
            assert 0.8 < venue.lon < 0.95

    @pytest.mark.one_database
    def test_says_so_when_the_map_can_only_show_the_middle_of_its_area(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        answer = send(organiser, "/staff/venues/new", **{**GOOD, "postcode": "TN23 0VV"})
        assert answer.status_code == 303
        assert "We do not know TN23 0VV exactly." in organiser.get("/staff/venues").text
        with app.app_context():
            venue = the_venue()
            assert (venue.postcode, venue.easting is None, venue.lat is None) == ("TN23 0VV", False, False)
        send(organiser, f"/staff/venues/{venue.id}", postcode="TN23 1PP")
        assert "exactly" not in organiser.get("/staff/venues").text

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": " "}, "Write the name of the venue."),
            ({"town": ""}, "Write the town or village."),
            ({"postcode": ""}, "Write the postcode"),
            ({"postcode": "ZZ99 9ZZ"}, "We do not know this postcode."),
            ({"postcode": "Ashford"}, "We do not know this postcode."),
            ({"fire_limit": "lots"}, "Write a whole number"),
            ({"fire_limit": "99999999999999999999"}, "Write a whole number"),
            ({"district": "narnia"}, "Not a valid choice"),
            ({"directions": "x" * 2001}, "Please use 2000 characters or fewer"),
        ],
    )
    @pytest.mark.one_database
    def test_says_what_is_wrong_and_loses_nothing(
        self, app: Flask, organiser: FlaskClient, wrong: dict[str, str], sentence: str
    ) -> None:
        answer = send(organiser, "/staff/venues/new", **{**GOOD, "address": "1 Long Lane", **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in html
        assert "1 Long Lane" in forms_of(html)["/staff/venues/new"]["address"][0]
        with app.app_context():
            assert db.session.scalars(select(Venue)).all() == []

    @pytest.mark.one_database
    def test_takes_hostile_text_as_text(self, app: Flask, organiser: FlaskClient) -> None:
        name = "<script>alert(1)</script>\x00 Łódź ' OR 1=1 --"
        assert send(organiser, "/staff/venues/new", **{**GOOD, "name": name}).status_code == 303
        html = organiser.get("/staff/venues").get_data(as_text=True)
        assert "<script>alert" not in html
        assert "Łódź" in html


class TestChangingAVenue:
    def test_tells_the_calendars_of_its_coming_sessions(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            number, venue_id = event.id, event.venue_id
        changes = {"name": "New name", "postcode": "TN23"}
        assert send(organiser, f"/staff/venues/{venue_id}", **changes).status_code == 303
        with app.app_context():
            assert db.session.get_one(Event, number).feed_sequence == 1
            assert the_venue().name == "New name"

    def test_puts_it_away_and_takes_it_out(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = a_venue(name="Rose Hall").id
        page = f"/staff/venues/{number}"
        send(organiser, page, to=f"{page}/archive")
        assert "Rose Hall" not in organiser.get("/staff/venues").get_data(as_text=True)
        assert "Rose Hall" not in organiser.get("/staff/sessions/new").get_data(as_text=True)
        assert "Rose Hall" in organiser.get("/staff/venues?archived=yes").get_data(as_text=True)
        send(organiser, page, to=f"{page}/archive")
        assert "Rose Hall" in organiser.get("/staff/venues").get_data(as_text=True)

    @pytest.mark.one_database
    def test_of_one_that_is_not_there_is_a_calm_page(self, organiser: FlaskClient) -> None:
        for path in ("", "/facts"):
            assert organiser.get(f"/staff/venues/999{path}").status_code == 404


class TestTheList:
    LIST = "/staff/venues"

    def halls(self, app: Flask, **values: object) -> None:
        with app.app_context():
            for number in range(32):
                a_venue(name=f"Hall {number:02}", **values)

    def names(self, client: FlaskClient, query: str = "") -> list[str]:
        page = client.get(f"{self.LIST}{query}").get_data(as_text=True)
        return re.findall(r'href="/staff/venues/\d+">([^<]+)</a>', page)

    def test_has_pages_by_name_and_says_how_many_there_are(self, app: Flask, organiser: FlaskClient) -> None:
        self.halls(app)
        first = organiser.get(self.LIST).get_data(as_text=True)
        assert "32 venues" in first
        assert f'rel="next" href="{self.LIST}?page=2"' in first
        assert self.names(organiser) == [f"Hall {number:02}" for number in range(30)]
        assert self.names(organiser, "?page=2") == ["Hall 30", "Hall 31"]
        assert "<title>Venues, page 2 of 2" in organiser.get(f"{self.LIST}?page=2").get_data(as_text=True)

    @pytest.mark.one_database
    def test_of_few_has_no_pages(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_venue()
        assert "Page 1 of 1" not in organiser.get(self.LIST).get_data(as_text=True)

    @pytest.mark.one_database
    @pytest.mark.parametrize("page", ["9", "99999", str(10**30), "-1", "0", "x", ""])
    def test_shows_the_nearest_page_to_one_that_is_not_there(
        self, app: Flask, organiser: FlaskClient, page: str
    ) -> None:
        self.halls(app)
        is_past_the_end = page in ("9", "99999")
        assert len(self.names(organiser, f"?page={page}")) == (2 if is_past_the_end else 30)

    def test_keeps_the_search_and_what_is_put_away_on_every_page(self, app: Flask, organiser: FlaskClient) -> None:
        self.halls(app, archived_at=clock.now())
        with app.app_context():
            a_venue(name="Hall in use")
        second = f"{self.LIST}?q=hall&archived=yes&page=2"
        assert html.escape(second) in organiser.get(f"{self.LIST}?archived=yes&q=hall").get_data(as_text=True)
        assert self.names(organiser, "?archived=yes&q=hall&page=2") == ["Hall 30", "Hall 31"]
        assert self.names(organiser, "?q=hall") == ["Hall in use"]

    @pytest.mark.one_database
    def test_says_of_each_what_is_known_and_what_is_to_come(self, app: Flask, organiser: FlaskClient) -> None:
        self.halls(app)
        with app.app_context():
            number = a_venue(name="Hall 99").id
            an_event(venue_id=number)
            with transaction():
                db.session.add(VenueFact(venue_id=number, code="lift", answer=FactAnswer.YES, note=""))
                db.session.add(VenueFact(venue_id=number, code="surface", answer=FactAnswer.NOT_CHECKED, note=""))
        page = organiser.get(f"{self.LIST}?page=2").get_data(as_text=True)
        assert page.count("0 coming sessions") == 2
        assert "1 coming session<" in page
        assert re.search(r"1 of \d+ facts checked", page)


class TestFacts:
    def facts(self, venue_id: int) -> dict[str, VenueFact]:
        db.session.rollback()
        statement = select(VenueFact).where(VenueFact.venue_id == venue_id)
        return {row.code: row for row in db.session.scalars(statement.execution_options(populate_existing=True))}

    def test_are_stamped_only_when_they_change_or_are_checked_again(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = a_venue().id
            with transaction():
                for code in ("lift", "drop_off", "surface"):
                    values = {"answer": FactAnswer.YES, "checked_on": date(2025, 1, 1), "checked_by": "Old hand"}
                    db.session.add(VenueFact(venue_id=number, code=code, note="", **values))
        page = f"/staff/venues/{number}/facts"
        changes = {
            "answer__step_free_route": "partly",
            "note__step_free_route": "One step, we have a ramp.",
            "note__lift": "Behind the bar",
            "again__drop_off": "y",
        }
        assert send(organiser, page, **changes).status_code == 303
        with app.app_context():
            facts = self.facts(number)
            today = date(2026, 6, 16)
            assert set(facts) == {"step_free_route", "lift", "drop_off", "surface"}
            assert (facts["step_free_route"].answer, facts["step_free_route"].checked_on) == ("partly", today)
            assert (facts["lift"].checked_on, facts["lift"].checked_by) == (today, "Olu Organiser")
            assert facts["drop_off"].checked_on == today
            assert (facts["surface"].checked_on, facts["surface"].checked_by) == (date(2025, 1, 1), "Old hand")

    def test_back_to_not_checked_carry_no_date(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = a_venue().id
        page = f"/staff/venues/{number}/facts"
        send(organiser, page, answer__lift="no")
        send(organiser, page, answer__lift="not_checked", again__lift="y")
        with app.app_context():
            lift = self.facts(number)["lift"]
            assert (lift.answer, lift.checked_on, lift.checked_by) == (FactAnswer.NOT_CHECKED, None, "")

    @pytest.mark.one_database
    def test_refuse_other_answers(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = a_venue().id
        answer = send(organiser, f"/staff/venues/{number}/facts", answer__lift="maybe", note__drop_off="Kept")
        assert answer.status_code == 422
        assert "Kept" in answer.get_data(as_text=True)
