"""Pages in other languages: `/pl/…` and `/easy/…` are the same site; a booking keeps the language it was made in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db, language_of, transaction
from booking.formats.ical import calendar_file
from booking.formats.messages import in_words
from booking.formats.tokens import booking_token
from booking.models import Booking
from booking.rules.words import MessageKind
from tests.cast import a_booking, an_event
from tests.page_checks import read
from tests.public.family import Family

ONE_ADDRESS_ONLY = ("/static/", "/calendar", "/feed.atom", "/embed", "/staff", "/door", "/api", "/.well-known")


def attributes(html: str, tag: str, name: str) -> list[str]:
    return [str(values[name]) for each, values in read(html).tags if each == tag and values.get(name)]


@pytest.mark.one_database
class TestAPageInAnotherLanguage:
    @pytest.mark.parametrize(
        ("path", "lang"), [("/", "en-GB"), ("/pl/", "pl"), ("/easy/", "en-GB"), ("/pl/no-such-page", "pl")]
    )
    def test_says_its_language(self, app: Flask, client: FlaskClient, path: str, lang: str) -> None:
        html = client.get(path).get_data(as_text=True)
        assert f'<html lang="{lang}" dir="ltr"' in html

    @pytest.mark.parametrize("prefix", ["/pl", "/easy"])
    def test_keeps_it_in_every_link_and_form(self, in_app: Flask, client: FlaskClient, prefix: str) -> None:
        event = an_event()
        own = f"/bookings/{booking_token(a_booking(event))}"
        pages = [
            "/",
            "/sessions",
            f"/sessions/{event.slug}",
            f"/sessions/{event.slug}/book",
            "/help",
            "/find-my-booking",
        ]
        for path in [*pages, "/privacy", own, f"{own}/cancel", f"{own}/needs", "/find-my-booking/sent"]:
            html = client.get(prefix + path).get_data(as_text=True)
            html = re.sub(r'<nav class="house-languages".*?</nav>', "", html, flags=re.DOTALL)
            html = re.sub(r'<div class="house-unchecked".*?</div>', "", html, flags=re.DOTALL)
            addresses = attributes(html, "a", "href") + attributes(html, "form", "action")
            ours = [each for each in addresses if each.startswith("/") and not each.startswith(ONE_ADDRESS_ONLY)]
            assert ours, path
            assert [each for each in ours if not each.startswith(f"{prefix}/")] == [], path

    def test_takes_its_looks_from_the_one_place(self, app: Flask, client: FlaskClient) -> None:
        html = client.get("/pl/").get_data(as_text=True)
        loaded = attributes(html, "img", "src") + attributes(html, "script", "src")
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)
        assert all(client.get(address).status_code == 200 for address in loaded)

    @pytest.mark.parametrize(
        "path",
        ["/staff/", "/door/", "/healthz", "/calendar.ics", "/feed.atom", "/embed", "/api/v1/sessions",
         "/static/icon.svg", "/.well-known/security.txt", "/staff/sign-in"],
    )  # fmt: skip
    def test_is_not_there_for_what_no_parent_reads(self, app: Flask, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code < 400
        assert client.get(f"/pl{path}").status_code == 404

    def test_is_found_without_the_last_slash(self, app: Flask, client: FlaskClient) -> None:
        answer = client.get("/pl")
        assert answer.status_code == 308
        assert answer.headers["Location"] == "/pl/"

    @pytest.mark.parametrize("path", ["/xx/", "/PL/", "/en/", "/plus/", "/pl/pl/", "/easy/pl/"])
    def test_is_there_for_our_languages_only(self, app: Flask, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_has_its_cookie_for_the_whole_site(self, in_app: Flask, client: FlaskClient) -> None:
        page = client.get(f"/pl/sessions/{an_event().slug}/book")
        assert "Path=/;" in page.headers["Set-Cookie"] + ";"

    def test_leads_to_itself_in_the_others(self, in_app: Flask, client: FlaskClient) -> None:
        slug = an_event().slug
        html = client.get(f"/pl/sessions/{slug}?a=ü&b=%2F").get_data(as_text=True)
        switch = re.search(r'<nav class="house-languages".*?</nav>', html, flags=re.DOTALL)
        assert switch
        links = [values for tag, values in read(switch.group()).tags if tag == "a"]
        assert [values["lang"] for values in links] == ["en-GB", "en-GB", "pl"]
        assert [str(values["href"]).split("?")[0] for values in links] == [
            f"/sessions/{slug}", f"/easy/sessions/{slug}", f"/pl/sessions/{slug}",
        ]  # fmt: skip
        assert [values.get("aria-current") for values in links] == [None, None, "true"]
        assert all(client.get(str(values["href"])).status_code == 200 for values in links)

    def test_tells_search_engines_of_the_others_but_never_a_private_link(
        self, in_app: Flask, client: FlaskClient
    ) -> None:
        html = client.get("/pl/help").get_data(as_text=True)
        assert '<link rel="alternate" hreflang="en-GB" href="http://localhost/help">' in html
        assert '<link rel="alternate" hreflang="pl" href="http://localhost/pl/help">' in html
        own = f"/pl/bookings/{booking_token(a_booking(an_event()))}"
        assert "alternate" not in client.get(own).get_data(as_text=True)

    @pytest.mark.parametrize("prefix", ["/pl", "/easy"])
    def test_says_that_nobody_has_checked_it(self, app: Flask, client: FlaskClient, prefix: str) -> None:
        assert not language_of(prefix[1:]).is_reviewed
        for path in ("/", "/help"):
            html = client.get(prefix + path).get_data(as_text=True)
            notice = re.search(r'<div class="house-unchecked".*?</div>', html, flags=re.DOTALL)
            assert notice, path
            assert f'href="{path}" hreflang="en-GB"' in notice.group()
            assert 'class="house-unchecked"' not in client.get(path).get_data(as_text=True)

    def test_never_lends_its_parts_to_another(self, in_app: Flask, client: FlaskClient) -> None:
        an_event()
        for path in ("/", "/sessions"):
            first = [client.get(prefix + path).get_data(as_text=True) for prefix in ("", "/pl", "/easy")]
            again = [client.get(prefix + path).get_data(as_text=True) for prefix in ("/easy", "/pl", "")]
            nonces = re.compile(r'nonce="[^"]+"')
            assert [nonces.sub("", each) for each in first] == [nonces.sub("", each) for each in reversed(again)]
            assert len(set(first)) == 3


def book(client: FlaskClient, start: str, **who: Any) -> Family:
    family = Family(client)
    family.open(start).send(adults=1, **who)
    family.send(full_name="Tomasz", contact_by="email", email="tomasz@example.net")
    while not family.path.endswith("/check"):
        family.send()
    return family.send()


class TestABooking:
    @pytest.mark.one_database
    @pytest.mark.parametrize(("prefix", "kept"), [("", "en"), ("/pl", "pl"), ("/easy", "easy")])
    def test_keeps_the_language_of_its_pages(self, in_app: Flask, client: FlaskClient, prefix: str, kept: str) -> None:
        family = book(client, f"{prefix}/sessions/{an_event().slug}/book")
        assert family.path.startswith(f"{prefix}/bookings/")
        db.session.remove()
        assert db.session.scalars(select(Booking.lang)).one() == kept

    @pytest.mark.parametrize(("asked", "kept"), [("pl", "pl"), ("en", "en"), ("xx", "en"), ("", "en"), ("../pl", "en")])
    def test_may_ask_for_a_language_in_its_first_form(
        self, in_app: Flask, client: FlaskClient, asked: str, kept: str
    ) -> None:
        book(client, f"/sessions/{an_event().slug}/book", lang=asked)
        db.session.remove()
        assert db.session.scalars(select(Booking.lang)).one() == kept

    @pytest.mark.one_database
    def test_takes_the_language_of_the_page_it_was_sent_from(self, in_app: Flask, client: FlaskClient) -> None:
        family = Family(client).book(an_event().slug)
        family.open(f"/pl{family.path}").send()
        assert family.path.startswith("/pl/bookings/")
        db.session.remove()
        assert db.session.scalars(select(Booking.lang)).one() == "pl"


class TestAMessage:
    @pytest.fixture
    def booking(self, in_app: Flask) -> Booking:
        booking = a_booking(an_event())
        with transaction():
            db.session.get_one(Booking, booking.id).lang = "pl"
        return db.session.get_one(Booking, booking.id)

    @pytest.mark.one_database
    def test_speaks_the_language_of_its_booking(self, booking: Booking) -> None:
        words = in_words(MessageKind.CONFIRMED, booking, facts={}, has_calendar=True, waiting=0)
        assert "czerwca" in words.text  # June, as Polish says it in a date
        assert '<html lang="pl" dir="ltr">' in words.html

    @pytest.mark.one_database
    def test_leads_to_pages_in_its_language(self, booking: Booking, client: FlaskClient) -> None:
        words = in_words(MessageKind.CONFIRMED, booking, facts={}, has_calendar=True, waiting=0)
        path = f"/bookings/{booking_token(booking)}"
        assert f"http://localhost/pl{path}\n" in words.text
        assert f'href="http://localhost/pl{path}"' in words.html
        assert client.get(f"/pl{path}").status_code == client.get(path).status_code == 200

    @pytest.mark.one_database
    def test_says_that_nobody_has_checked_it(self, booking: Booking) -> None:
        words = in_words(MessageKind.CONFIRMED, booking, facts={}, has_calendar=True, waiting=0)
        assert "Nikt, kto mówi po polsku, nie sprawdził" in words.text
        assert "Nikt, kto mówi po polsku, nie sprawdził" in words.html

    def test_in_easy_read_has_a_line_for_each_idea(self, booking: Booking) -> None:
        with transaction():
            booking.lang = "easy"
        words = in_words(MessageKind.CONFIRMED, booking, facts={}, has_calendar=True, waiting=0)
        assert "You have a place.\nWe look forward to meeting you.\n" in words.text
        assert "Your booking page shows everything.<br>\nYou can change things there.<br>\n" in words.html
        assert f"http://localhost/easy/bookings/{booking_token(booking)}\n" in words.text

    @pytest.mark.one_database
    def test_brings_a_calendar_entry_that_leads_there_too(self, booking: Booking) -> None:
        unfolded = calendar_file(booking).replace(b"\r\n ", b"")
        assert f"URL:http://localhost/pl/sessions/{booking.event.slug}".encode() in unfolded
