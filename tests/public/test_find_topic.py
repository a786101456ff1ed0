"""J1: a parent looks for a topic, and sees when the last bus goes; J4: when an open drop-in is busiest."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.locality import get_locality
from booking.rules.words import BookingMode
from tests.cast import a_venue, an_event
from tests.public.looking import html, page, titles


class TestJ1ATopic:
    def test_finds_what_is_about_it_and_nothing_else(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Plans", topics=["school_support", "plans"])
        an_event(title="Money", topics=["money"])
        an_event(title="Anything")
        assert titles(html(client, "/sessions?topic=plans")) == ["Plans"]
        assert titles(html(client, "/sessions?topic=plans&place=TN23")) == ["Plans"]
        assert titles(html(client, "/sessions")) == ["Plans", "Money", "Anything"]

    def test_stays_in_the_addresses_of_the_page(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(topics=["plans"])
        found = html(client, "/sessions?topic=plans")
        assert '<option value="plans" selected>EHC plans</option>' in found
        assert "/sessions?topic=plans&amp;view=month" in found

    def test_can_be_given_up_when_nothing_is_about_it(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(topics=["money"])
        found = page(client, "/sessions?topic=plans&district=ashford")
        assert "Look for all topics" in found

    def test_that_nobody_knows_is_said_and_left_out(self, in_app: Flask, client: FlaskClient) -> None:
        an_event(title="Plans", topics=["plans"])
        found = html(client, "/sessions?topic=%25")
        assert "Choose a topic from the list." in found
        assert titles(found) == ["Plans"]

    def test_is_on_the_page_of_the_session(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(topics=["plans", "money", "what-was-once-a-topic"])
        assert "EHC plans; Money and short breaks" in page(client, f"/sessions/{event.slug}")

    @pytest.mark.one_database
    def test_codes_hold_no_other(self) -> None:
        codes = [topic.code for topic in get_locality("kent").topics]
        assert len(set(codes)) == len(codes)
        assert all(code.replace("_", "").isalpha() for code in codes), "they are looked for in a text of JSON"


class TestJ1TheLastBus:
    def test_is_on_the_card_and_on_both_pages_of_the_place(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(venue_id=a_venue(last_bus="4:40pm to Ashford station").id)
        for address in ("/sessions", f"/sessions/{event.slug}", f"/sessions/{event.slug}/place"):
            assert "4:40pm to Ashford station" in page(client, address), address

    def test_does_not_give_a_private_place_away(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(venue_id=a_venue(last_bus="4:40pm from Secret Lane", is_confidential=True).id)
        for address in ("/sessions", f"/sessions/{event.slug}"):
            assert "Secret Lane" not in page(client, address), address


class TestJ4ADropIn:
    def test_says_whom_it_is_for(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(audience="Dads and male carers")
        assert "Dads and male carers" in client.get(f"/sessions/{event.slug}").get_data(as_text=True)

    def test_says_when_it_is_busiest(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(booking_mode=BookingMode.OPEN, capacity=None, busiest="10am to 10:30am; you wait 10 minutes")
        assert "10am to 10:30am; you wait 10 minutes" in page(client, f"/sessions/{event.slug}")
