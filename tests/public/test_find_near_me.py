"""The table behind "near me": small, cacheable, the same for everyone, and true."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from booking.locality import get_locality
from booking.rules.distance import to_latitude_longitude

ADDRESS = "/near-me/outcodes.json"


@pytest.mark.one_database
class TestTheTable:
    def test_is_small_and_kept_for_a_day_by_anyone(self, client: FlaskClient) -> None:
        answer = client.get(ADDRESS)
        assert len(answer.data) <= 3_000
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert "Set-Cookie" not in answer.headers
        again = client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    def test_knows_every_outcode_of_our_towns_about_where_it_is(self, client: FlaskClient) -> None:
        table = client.get(ADDRESS).get_json()
        kent = get_locality("kent")
        for town in kent.towns:
            latitude, longitude = to_latitude_longitude(town)
            for outcode in town.outcodes:
                if outcode in table:
                    assert abs(table[outcode][0] - latitude) < 0.2, (town.name, outcode)
                    assert abs(table[outcode][1] - longitude) < 0.3, (town.name, outcode)
        assert {"CT9", "TN23", "ME14", "DA1"} <= set(table)
        assert "SW1A" not in table

    def test_pages_may_ask_the_device_and_frames_may_not(self, client: FlaskClient) -> None:
        assert "geolocation=(self)" in client.get("/sessions").headers["Permissions-Policy"]
