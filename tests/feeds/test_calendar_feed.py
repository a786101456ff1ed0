"""The calendar and news feeds: true, stable to the byte, kind to caches."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from booking import clock
from booking.extensions import db, transaction
from booking.models import Event
from booking.rules.words import Delivery, EventCancelReason, EventKind, EventStatus
from booking.services.cancel_session import cancel_session
from tests.cast import a_venue, an_event
from tests.mail.judges import by_all, faults_libical_finds

FEEDS = ["/calendar.ics", "/calendar/ashford.ics", "/calendar/kind/forum.ics", "/feed.atom"]


def entries(client: FlaskClient, address: str = "/calendar.ics") -> dict[str, Any]:
    return {str(entry["SUMMARY"]): entry for entry in Calendar.from_ical(client.get(address).data).walk("VEVENT")}


class TestCaching:
    @pytest.mark.parametrize("address", FEEDS)
    def test_two_reads_give_the_same_bytes_and_the_second_may_be_304(
        self, in_app: Flask, client: FlaskClient, address: str, summer: time_machine.Traveller
    ) -> None:
        an_event()
        first = client.get(address)
        summer.shift(timedelta(minutes=20))
        second = client.get(address)
        assert first.data == second.data
        assert first.headers["ETag"] == second.headers["ETag"]
        assert not first.headers["ETag"].startswith("W/")
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304

    def test_a_change_shows(self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller) -> None:
        event = an_event()
        before = client.get("/calendar.ics").headers
        summer.shift(timedelta(minutes=5))
        with transaction():
            event.title, event.changed_at = "Another title", clock.now()
        for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            assert client.get("/calendar.ics", headers={header: before[name]}).status_code == 200

    @pytest.mark.one_database
    @pytest.mark.parametrize("address", FEEDS)
    def test_it_is_compressed_for_whoever_takes_it(self, in_app: Flask, client: FlaskClient, address: str) -> None:
        for _each in range(5):
            an_event(summary="What helps with sleep. " * 9)
        plain = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2
        assert packed.headers["ETag"] != plain.headers["ETag"]
        again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
        assert again.status_code == 304
        assert "Accept-Encoding" in plain.headers["Vary"]

    @pytest.mark.parametrize("what", ["is over", "goes to another district"])
    def test_a_session_that_leaves_shows_whichever_way_the_program_asks(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller, what: str
    ) -> None:
        an_event(title="Stays", starts_at=clock.now() + timedelta(days=60))
        event = an_event()
        elsewhere = a_venue(district="thanet", town="Margate").id
        before = client.get("/calendar/ashford.ics").headers
        summer.shift(timedelta(days=22))
        if what != "is over":
            with transaction():
                row = db.session.get_one(Event, event.id)
                row.starts_at, row.ends_at = clock.now(), clock.now() + timedelta(hours=1)
                row.venue_id, row.changed_at = elsewhere, clock.now()
        for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            after = client.get("/calendar/ashford.ics", headers={header: before[name]})
            assert after.status_code == 200
            assert after.text.count("BEGIN:VEVENT") == 1

    @pytest.mark.parametrize("address", [*FEEDS, "/embed", "/healthz", "/api/v1/sessions", "/api/v1/openapi.json"])
    def test_no_cookie_and_nothing_that_depends_on_one(self, in_app: Flask, client: FlaskClient, address: str) -> None:
        an_event()
        response = client.get(address)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        assert client.head(address).status_code == 200


class TestTheCalendar:
    def test_is_published_with_one_london_zone(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Forum", starts_at=clock.london_time(date(2026, 7, 1), 10))
        response = client.get("/calendar.ics")
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        text = response.text
        assert text.index("METHOD:PUBLISH") < text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in text
        assert "DTSTART;TZID=Europe/London:20260701T100000\r\n" in text
        assert "ATTENDEE" not in text
        entry = entries(client)["Forum"]
        assert str(entry["ORGANIZER"]) == "mailto:help@example.org"
        assert entry["DTSTART"].dt.astimezone(UTC) == datetime(2026, 7, 1, 9, tzinfo=UTC)
        assert entry["TRANSP"] == "TRANSPARENT"

    def test_says_what_is_cancelled_or_postponed(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="A", status=EventStatus.CANCELLED, feed_sequence=1)
        an_event(title="B", new_date_pending=True)
        an_event(title="C")
        found = entries(client)
        assert {title: str(entry["STATUS"]) for title, entry in found.items()} == {
            "CANCELLED: A": "CANCELLED",
            "POSTPONED: B": "TENTATIVE",
            "C": "CONFIRMED",
        }
        assert found["CANCELLED: A"]["SEQUENCE"] == 1

    def test_keeps_them_for_a_week_and_never_shows_drafts(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="A", status=EventStatus.CANCELLED, starts_at=clock.now() - timedelta(days=6))
        an_event(title="B", status=EventStatus.CANCELLED, starts_at=clock.now() - timedelta(days=8))
        an_event(title="C", status=EventStatus.DRAFT)
        an_event(title="D", status=EventStatus.CANCELLED, first_published_at=None)
        assert list(entries(client)) == ["CANCELLED: A"]

    def test_of_a_district_holds_only_its_places(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Here")
        an_event(title="There", venue_id=a_venue(district="thanet", town="Margate").id)
        an_event(title="Online", delivery=Delivery.ONLINE)
        assert list(entries(client, "/calendar/ashford.ics")) == ["Here"]
        assert list(entries(client, "/calendar/swale.ics")) == []

    def test_of_a_kind_holds_only_that_kind(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Forum")
        an_event(title="Coffee", kind=EventKind.COFFEE)
        assert list(entries(client, "/calendar/kind/coffee.ics")) == ["Coffee"]
        assert list(entries(client, "/calendar/kind/roadshow.ics")) == []
        assert "X-WR-CALNAME:Kent PACT sessions: Coffee and chat" in client.get("/calendar/kind/coffee.ics").text
        assert client.get("/calendar/kind/party.ics").status_code == 404

    @pytest.mark.one_database
    def test_is_what_other_programs_and_libical_accept(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Łucja’s tea, cake; 🙂")
        ics = client.get("/calendar.ics").data
        assert faults_libical_finds(ics) == []
        read = by_all(ics)
        assert (read.method, read.attendees) == ("PUBLISH", ())

    @pytest.mark.one_database
    def test_a_cancelled_session_stays_for_a_week_with_its_next_revision(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        event = an_event(title="Forum")
        (before,) = entries(client).values()
        summer.shift(timedelta(minutes=5))
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)
        (after,) = entries(client).values()
        assert str(after["SUMMARY"]) == "CANCELLED: Forum"
        assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
        assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
        summer.shift(timedelta(days=14 + 6))
        assert len(entries(client)) == 1
        summer.shift(timedelta(days=2))
        assert entries(client) == {}

    @pytest.mark.parametrize("name", ["atlantis", "medway", "Ashford", "%00"])
    def test_of_an_unknown_district_is_not_there(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/calendar/{name}.ics").status_code == 404

    def test_never_carries_the_link_to_join(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(delivery=Delivery.ONLINE, join_url="https://meet.example.org/abc", dial_in="020 7946 0000")
        for address in ("/calendar.ics", "/feed.atom", "/api/v1/sessions", "/embed"):
            found = client.get(address).text.replace("\r\n ", "")
            assert "meet.example.org" not in found
            assert "7946" not in found


class TestTheNews:
    def test_is_well_formed_whatever_the_title(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Tea & <talk> Łódź 🙂")
        feed = ElementTree.fromstring(client.get("/feed.atom").data)
        space = "{http://www.w3.org/2005/Atom}"
        assert feed.tag == f"{space}feed"
        assert [entry.findtext(f"{space}title") for entry in feed.iter(f"{space}entry")] == ["Tea & <talk> Łódź 🙂"]
        assert feed.findtext(f"{space}updated", "").startswith("2026-06-16T")

    def test_an_empty_one_is_a_feed_too(self, client: FlaskClient) -> None:
        assert ElementTree.fromstring(client.get("/feed.atom").data).tag.endswith("feed")


class TestTheFrame:
    def test_may_be_shown_on_other_sites_and_nothing_else_may(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            slug = an_event(title="Forum").slug
        framed = client.get("/embed?district=ashford")
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in framed.headers
        assert f'target="_top" href="http://localhost/sessions/{slug}"' in framed.text
        assert "frame-ancestors 'none'" in client.get("/calendar.ics").headers["Content-Security-Policy"]

    def test_an_unknown_district_shows_all(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Forum")
        assert "Forum" in client.get("/embed?district=<x>").text
        assert "Forum" not in client.get("/embed?district=thanet").text
