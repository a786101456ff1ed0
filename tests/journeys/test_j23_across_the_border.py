"""J23: a family that lives in Medway and has a school in Kent books like any other, and is counted outside."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Booking
from booking.queries.facts.read import get_facts
from booking.rules.calendar_periods import parse_period
from booking.rules.words import Outcome
from tests.cast import a_booking, an_event
from tests.public.family import Family


@pytest.mark.parametrize(("outcode", "district"), [("ME4", "medway"), ("me4 4tr", "medway"), ("SW1A", "outside")])
def test_books_with_a_postcode_from_outside_and_is_asked_nothing_more(
    app: Flask, client: FlaskClient, outcode: str, district: str
) -> None:
    with app.app_context():
        slug = an_event(slug="forum").slug
    family = Family(client).book(slug, outcode=outcode).send()
    assert "You have a place" in family.text
    with app.app_context():
        [booking] = db.session.scalars(select(Booking))
        assert booking.district == district
        assert not get_locality("kent").get_district(district).inside


def test_is_counted_among_the_people_and_never_among_kents_districts(in_app: Flask) -> None:
    kent, quarter = get_locality("kent"), parse_period("2026-27-Q1")
    event = an_event()
    bookings = [a_booking(event, district=district) for district in ("medway", "ashford", "ashford")]
    with transaction():
        for booking in bookings:
            for place in db.session.get_one(Booking, booking.id).places:
                place.outcome = Outcome.ATTENDED
    facts = get_facts(quarter, locality=kent)
    assert sorted(place.district for place in facts.places) == ["ashford", "ashford", "medway"]
    assert "medway" not in {district.code for district in kent.inside_districts}
