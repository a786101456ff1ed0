"""The interface for other programs."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.formats.api_session import api_session
from booking.locality import get_locality
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus
from tests.cast import a_venue, an_event
from tests.public.looking import counting_queries

SESSIONS = "/api/v1/sessions"


def slugs(client: FlaskClient, query: str = "") -> list[str]:
    return [session["slug"] for session in client.get(f"{SESSIONS}?{query}").get_json()["sessions"]]


class TestASession:
    def test_is_given_with_codes_and_londons_offset(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(slug="a", title="Forum", starts_at=clock.london_time(date(2026, 7, 1), 10), places_taken=3)
        assert client.get(SESSIONS).get_json() == {
            "sessions": [
                {
                    "slug": "a",
                    "title": "Forum",
                    "kind": "forum",
                    "delivery": "in_person",
                    "booking_mode": "places",
                    "starts_at": "2026-07-01T10:00:00+01:00",
                    "ends_at": "2026-07-01T12:00:00+01:00",
                    "venue": "Oast Meadow Community Centre",
                    "district": "ashford",
                    "places_left": 7,
                    "url": "http://localhost/sessions/a",
                }
            ],
            "next": None,
        }

    def test_has_no_places_left_without_a_limit_or_a_booking(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(capacity=None)
        an_event(booking_mode=BookingMode.OPEN, capacity=30)
        found = client.get(SESSIONS).get_json()["sessions"]
        assert [session["places_left"] for session in found] == [None, None]

    def test_has_no_venue_online_or_when_confidential(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(delivery=Delivery.ONLINE, venue_id=a_venue(name="Online").id)
        an_event(venue_id=a_venue(is_confidential=True).id)
        found = client.get(SESSIONS).get_json()["sessions"]
        assert [(session["venue"], session["district"]) for session in found] == [(None, None), (None, "ashford")]


class TestWhatIsListed:
    def test_published_and_still_to_come(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(slug="yes")
        an_event(slug="draft", status=EventStatus.DRAFT)
        an_event(slug="cancelled", status=EventStatus.CANCELLED)
        an_event(slug="postponed", new_date_pending=True)
        an_event(slug="begun", starts_at=clock.now() - timedelta(minutes=1))
        assert slugs(client) == ["yes"]
        assert slugs(client, "from=2020-01-01") == ["yes"]

    def test_days_are_londons_and_both_ends_count(self, in_app: Flask, client: FlaskClient) -> None:
        day = date(2026, 7, 1)
        an_event(slug="before", starts_at=clock.start_of_day(day) - timedelta(seconds=1))
        an_event(slug="first", starts_at=clock.start_of_day(day))
        an_event(slug="last", starts_at=clock.end_of_day(day) - timedelta(seconds=1))
        an_event(slug="after", starts_at=clock.end_of_day(day))
        assert slugs(client, "from=2026-07-01&to=2026-07-01") == ["first", "last"]

    def test_district_and_kind(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(slug="here")
        an_event(slug="there", venue_id=a_venue(district="thanet").id, kind=EventKind.COFFEE)
        assert slugs(client, "district=thanet") == ["there"]
        assert slugs(client, "kind=forum") == ["here"]
        assert slugs(client, "district=thanet&kind=forum") == []


class TestPages:
    def test_follow_each_other_without_gap_or_repeat(self, in_app: Flask, client: FlaskClient) -> None:
        venue, at = a_venue(), clock.now() + timedelta(days=1)
        for number in range(103):  # three pages, many at the same moment
            an_event(slug=f"s{number:03}", venue_id=venue.id, starts_at=at + timedelta(hours=number // 40))
        seen: list[str] = []
        sizes: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            body: dict[str, Any] = client.get(SESSIONS, query_string={"cursor": cursor, "kind": "forum"}).get_json()
            sizes.append(len(body["sessions"]))
            seen += [session["slug"] for session in body["sessions"]]
            cursor = body["next"]
        assert sizes == [50, 50, 3]
        assert seen == [f"s{number:03}" for number in range(103)]

    def test_ask_the_database_once(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            for _each in range(5):
                an_event()
        with counting_queries(app) as statements:
            client.get(SESSIONS)
        assert len(statements) == 1


class TestBadQuestions:
    @pytest.mark.parametrize(
        "query",
        [
            "from=tomorrow",
            "from=2026-13-01",
            "from=20260701",
            "from=2026-W27-1",
            "from=0001-01-01",
            "to=9999-12-31",
            "from=2026-07-02&to=2026-07-01",
            "district=atlantis",
            "district=Thanet'%20OR%201=1",
            "kind=party",
            "cursor=x",
            "cursor=%00",
            "cursor=" + "A" * 5000,
            "cursor=" + base64.urlsafe_b64encode(b"2026-07-01T10:00:00 1").decode(),
            "cursor=" + base64.urlsafe_b64encode(b"9999-12-31T23:59:59-23:00 1").decode(),
            "cursor=" + base64.urlsafe_b64encode(b"2026-07-01T10:00:00+00:00 99999999999999999999").decode(),
        ],
    )
    def test_get_a_sentence_and_400(self, client: FlaskClient, query: str) -> None:
        response = client.get(f"{SESSIONS}?{query}")
        assert response.status_code == 400
        assert response.mimetype == "application/json"
        assert response.get_json()["error"].endswith(".")


class TestTheDescription:
    @pytest.mark.one_database
    def test_names_just_the_fields_and_questions_there_are(self, in_app: Flask, client: FlaskClient) -> None:
        document = client.get("/api/v1/openapi.json").get_json()
        given = api_session(an_event(), public_url="http://localhost", locality=get_locality("kent"))
        assert list(document["components"]["schemas"]["Session"]["properties"]) == list(given)
        asked = [each["name"] for each in document["paths"][SESSIONS]["get"]["parameters"]]
        assert asked == ["from", "to", "district", "kind", "cursor"]
