"""Distances in miles, and the grid on the globe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality.kinds import Point
from booking.rules.distance import METRES_IN_A_MILE, miles_between, to_grid, to_latitude_longitude, whole_miles

POINTS = st.builds(Point, st.integers(530_000, 650_000), st.integers(100_000, 190_000))


@given(POINTS, POINTS, POINTS)
def test_it_is_a_distance(one: Point, two: Point, three: Point) -> None:
    assert miles_between(one, one) == 0
    assert miles_between(one, two) == miles_between(two, one) >= 0
    assert miles_between(one, three) <= miles_between(one, two) + miles_between(two, three) + 1e-9


def test_ashford_to_canterbury_is_thirteen_miles() -> None:
    miles = miles_between(Point(601230, 142520), Point(614900, 157800))
    assert whole_miles(miles) == 13


@pytest.mark.parametrize(
    ("miles", "whole"), [(0.0, 0), (0.5, 0), (0.99, 0), (1.0, 1), (1.49, 1), (1.5, 2), (2.5, 3), (13.2, 13)]
)
def test_whole_miles_say_less_than_one_as_nought(miles: float, whole: int) -> None:
    assert whole_miles(miles) == whole


def test_a_mile_is_a_mile() -> None:
    assert miles_between(Point(0, 0), Point(0, round(METRES_IN_A_MILE * 10))) == pytest.approx(10, abs=0.001)


def test_the_clock_tower_of_margate_lies_where_maps_show_it() -> None:
    latitude, longitude = to_latitude_longitude(Point(635440, 170970))
    assert latitude == pytest.approx(51.389, abs=0.002)
    assert longitude == pytest.approx(1.382, abs=0.003)


@given(POINTS)
def test_there_and_back_is_the_same_place(place: Point) -> None:
    easting, northing = to_grid(*to_latitude_longitude(place))
    assert abs(easting - place.easting) <= 2
    assert abs(northing - place.northing) <= 2
