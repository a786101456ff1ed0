"""Facts to check again: which places, in which order, and the sheet to take along."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Venue, VenueFact
from booking.rules.words import FactAnswer, StaffRole
from tests.cast import a_member_of_staff, a_venue, an_event, sign_in
from tests.page_checks import read
from tests.staff.browse import send

PAGE = "/staff/venues/to-check"
CODES = tuple(kind.code for kind in get_locality("kent").facts)
TODAY, A_YEAR_AGO, OLD = date(2026, 6, 16), date(2025, 6, 16), date(2025, 6, 15)


def checked(venue: Venue, on: date | None = TODAY, *, codes: tuple[str, ...] = CODES, note: str = "") -> int:
    """Say yes to these facts of a place, checked on this day."""
    with transaction():
        for code in codes:
            fact = {"answer": FactAnswer.YES, "note": note, "checked_on": on, "checked_by": "Old hand"}
            db.session.add(VenueFact(venue_id=venue.id, code=code, **fact))
    return venue.id


def names_on(client: FlaskClient, address: str = PAGE) -> list[str]:
    """Return the places listed, in order."""
    html = client.get(address).get_data(as_text=True)
    return re.findall(r'house-row__title"><a [^>]*>([^<]+)</a>', html)


def text_of(client: FlaskClient, address: str) -> str:
    """Return what a page says, with single spaces."""
    return " ".join(text for _tag, text in read(client.get(address).get_data(as_text=True)).texts)


class TestTheListOfWhatToCheck:
    def test_holds_places_unchecked_or_checked_over_a_year_ago_and_begins_with_the_oldest(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        with app.app_context():
            checked(a_venue(name="Fresh Hall"))
            checked(a_venue(name="A year to the day"), A_YEAR_AGO)
            checked(a_venue(name="Gap Hall"), codes=CODES[1:])
            checked(a_venue(name="Stale Hall"), OLD)
            old = a_venue(name="Older Hall")
            checked(old, codes=CODES[1:])
            checked(old, date(2020, 1, 1), codes=CODES[:1])
            checked(a_venue(name="Undated Hall"), None)
            a_venue(name="Never Hall")
            checked(a_venue(name="Archived Hall", archived_at=clock.now()), OLD)
            a_venue(name="Online room", outcode="")
        assert names_on(organiser) == ["Never Hall", "Undated Hall", "Older Hall", "Stale Hall", "Gap Hall"]

    def test_says_what_is_old_since_when_and_how_much_nobody_has_checked(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        with app.app_context():
            venue = a_venue()
            checked(venue, date(2024, 10, 4), codes=("lift",))
            an_event(venue_id=venue.id)
        text = text_of(organiser, PAGE)
        assert "1 fact is more than a year old , the oldest of 4 October 2024: Lift" in text
        assert f"{len(CODES) - 1} of {len(CODES)} not checked yet" in text
        assert "next session 30 June" in text

    def test_can_be_cut_to_one_district(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_venue(name="Here")
            a_venue(name="There", district="dover")
        assert names_on(organiser, f"{PAGE}?district=dover") == ["There"]
        assert names_on(organiser, f"{PAGE}?district=narnia&page=x") == ["Here", "There"]

    def test_forgets_a_place_once_everything_is_checked_again(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = checked(a_venue(name="Stale Hall"), OLD)
        send(organiser, f"/staff/venues/{number}/facts", **{f"again__{code}": "y" for code in CODES})
        assert names_on(organiser) == []

    def test_goes_on_on_a_second_page(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context(), transaction():
            facts = {"town": "Ashford", "outcode": "TN23", "district": "ashford"}
            db.session.add_all(Venue(code=f"M{n}", name=f"Hall {n:02}", **facts) for n in range(45))
        assert len(names_on(organiser)) == 40
        assert names_on(organiser, f"{PAGE}?page=2") == [f"Hall {n}" for n in range(40, 45)]
        assert names_on(organiser, f"{PAGE}?page=999") == names_on(organiser, f"{PAGE}?page=2")


@pytest.mark.one_database
class TestTheVisitSheet:
    def test_asks_every_fact_with_its_present_answer_and_three_boxes(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = checked(a_venue(address="1 Long Lane"), OLD, codes=("lift",), note="110 by 140 cm.")
        html = organiser.get(f"/staff/venues/{number}/visit-sheet").get_data(as_text=True)
        assert html.count('class="house-visit__fact"') == len(CODES)
        assert html.count('class="house-visit__box"') == 3 * len(CODES)
        text = text_of(organiser, f"/staff/venues/{number}/visit-sheet")
        assert "Now: Yes. 110 by 140 cm. Checked on 15 June 2025, more than a year ago" in text
        assert "1 Long Lane" in text

    def test_can_hold_only_what_is_to_be_checked(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            number = checked(a_venue(), codes=CODES[2:])
        html = organiser.get(f"/staff/venues/{number}/visit-sheet?only=due").get_data(as_text=True)
        assert html.count('class="house-visit__fact"') == 2

    def test_of_a_place_that_is_not_there_is_a_calm_page(self, organiser: FlaskClient) -> None:
        assert organiser.get("/staff/venues/999/visit-sheet").status_code == 404

    def test_is_for_who_keeps_venues(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            number = a_venue().id
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert client.get(f"/staff/venues/{number}/visit-sheet").status_code == 403
        assert client.get(PAGE).status_code == 403


@pytest.mark.one_database
class TestStaleFactsAreShownAsStale:
    def test_where_staff_type_them_in(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            venue = a_venue()
            number = checked(venue, OLD, codes=("lift",))
            checked(venue, None, codes=("drop_off",))
        html = organiser.get(f"/staff/venues/{number}/facts").get_data(as_text=True)
        assert html.count("That is more than a year ago.") == 1
        assert html.count("Nobody knows when this was checked.") == 1

    def test_to_families(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            venue = a_venue()
            checked(venue, codes=CODES[3:])
            checked(venue, OLD, codes=CODES[:1])
            checked(venue, None, codes=CODES[1:2])
            slug = an_event(venue_id=venue.id).slug
        text = text_of(client, f"/sessions/{slug}")
        assert "We checked some of this more than a year ago." in text
        assert "Checked on 15 June 2025 by Old hand. That is more than a year ago." in text
        assert text.count("That is more than a year ago.") == 1
        assert "We do not know when this was checked." in text
