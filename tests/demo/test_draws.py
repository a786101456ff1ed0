"""What the demonstration draws: the same for one seed and day, whatever the day, near its weights."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.locality.kinds import Point
from booking.locality.postcodes import PostcodeTable
from booking.models import Booking, Event
from booking.queries.installation import our_locality, own_domain
from booking.rules.distance import miles_between, to_grid
from booking.services.check_counters import find_problems
from booking.services.demo.people import OUTCODES, PHASES, SUPPORT, draw_child, share_out
from booking.services.demo.venues import PLACES
from booking.services.demo.wishes import ASKED, DETAILS, draw_wishes
from booking.services.make_demo import make_demo
from tests.conftest import ROOT


class TestWeights:
    def test_children_are_near_the_weights(self) -> None:
        rng = Random(1)
        children = [draw_child(rng) for _ in range(4000)]
        for question, weights in (("age_phase", PHASES), ("support", SUPPORT)):
            drawn = Counter(child[question] for child in children)
            for code, weight in weights.items():
                assert 100 * drawn[code] / drawn.total() == pytest.approx(weight, abs=2.5)

    def test_two_in_five_families_ask_for_something_1_7_things_on_average(self) -> None:
        rng = Random(1)
        wishes = [draw_wishes(rng) for _ in range(4000)]
        asking = [each for each in wishes if each]
        assert len(asking) / len(wishes) == pytest.approx(0.42, abs=0.03)
        assert sum(map(len, asking)) / len(asking) == pytest.approx(1.7, abs=0.1)

    def test_all_codes_are_codes_of_the_area(self) -> None:
        kent = get_locality("kent")
        needs = {need.code for need in kent.needs}
        assert set(ASKED) | set(DETAILS) <= needs
        for question, weights in (("age_phase", PHASES), ("support", SUPPORT)):
            assert set(weights) <= {option.code for option in kent.get_question(question).offered}

    def test_families_are_shared_out_to_the_last_one(self) -> None:
        shares = share_out(120)
        assert sum(shares.values()) == 120
        assert 0 < shares["dover"] < shares["thanet"] / 2
        assert set(shares) == set(OUTCODES)


class TestRealPlaces:
    """Towns and outcodes are real; halls and people are not."""

    @pytest.fixture
    def postcodes(self) -> PostcodeTable:
        path = ROOT / "instance" / "postcodes.sqlite"
        if not path.exists():
            pytest.fail("the postcode table has not been built: `make set-up` builds it")
        return PostcodeTable(path, get_locality("kent"))

    def test_outcodes_of_families_lie_in_their_districts(self, postcodes: PostcodeTable) -> None:
        for district, outcodes in OUTCODES.items():
            for outcode in outcodes:
                assert not outcode or district in postcodes.districts_of(outcode)

    def test_venues_lie_near_the_middle_of_their_outcode(self, postcodes: PostcodeTable) -> None:
        for place in PLACES:
            if place.lat and place.lon:
                easting, northing = to_grid(place.lat, place.lon)
                middle = postcodes.find_place(place.outcode)
                assert middle is not None
                assert miles_between(Point(easting, northing), middle) < 6
                assert place.district in postcodes.districts_of(place.outcode)


class TestOneSeed:
    @pytest.mark.one_database
    def test_gives_the_same_story_on_the_same_day(self, in_app: Flask) -> None:
        assert self._made(seed=5) == self._made(seed=5) != self._made(seed=6)

    def _made(self, *, seed: int) -> list[tuple[str, int, int]]:
        statement = (
            select(Event.slug, Event.places_taken, func.count(Booking.id))
            .outerjoin(Booking)
            .group_by(Event.id)
            .order_by(Event.starts_at, Event.slug)
        )
        db.session.rollback()
        db.session.connection(execution_options={"writes": True})
        make_demo(locality=our_locality(), domain=own_domain(), seed=seed)
        made = [tuple(row) for row in db.session.execute(statement)]
        db.session.rollback()
        return made


@pytest.mark.one_database
@pytest.mark.parametrize("day", [date(2026, 12, 26), date(2028, 2, 29)])
def test_the_demonstration_can_be_made_on_any_day(in_app: Flask, day: date, summer: object) -> None:
    summer.move_to(clock.london_time(day, 20))  # type: ignore[attr-defined]
    with transaction():
        made = make_demo(locality=our_locality(), domain=own_domain())
    assert made is not None
    assert made.bookings > 2000
    assert list(find_problems()) == []
