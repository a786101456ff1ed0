"""J25: programs that book are kept out by a box only they fill in and by limits; people never solve a puzzle."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, limiter
from booking.formats.tokens import booking_token
from booking.models import Booking
from tests.cast import a_booking, an_event
from tests.limits import forget_tries
from tests.public.family import Family

TRAPPED = {
    "public.start_booking": ("/sessions/forum/book", 240),
    "public.book_check": ("", 60),
    "public.find_my_booking": ("/find-my-booking", 60),
    "public.may_come": ("/sessions/coffee/may-come", 20),
    "public.wish": ("/wish", 30),
    "public.news": ("/news", 30),
    "public.place_changed": ("/sessions/forum/place/changed", 30),
    "public.complaint": ("/privacy/complaint", 20),
    "public.session_feedback": ("/sessions/held/feedback", 240),
}
"""Whoever comes from nowhere may send these: a trap and a limit an hour for each."""
BEHIND_A_SECRET = re.compile(
    r"/(book/<draft>/|bookings/<token>/|feedback/<token>|news/<token>(/|$)|calendars/mine/<token>/)"
)
SMALL = {"public.what_would_help", "public.start_afresh"}
"""They write into the browser's own cookie and nowhere else."""


def posts(app: Flask) -> dict[str, str]:
    """The public addresses that take a form."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("public.")]
    return {rule.endpoint: rule.rule for rule in rules if "POST" in (rule.methods or ())}


def is_limited(app: Flask, endpoint: str) -> bool:
    """Tell whether a limit was put on a view."""
    view = app.view_functions[endpoint]
    names = {str(name) for name in limiter.limit_manager._decorated_limits}
    return any(name.startswith(f"{view.__module__}.{view.__name__}") for name in names)


@pytest.mark.one_database
def test_every_public_form_is_trapped_and_limited_or_behind_a_secret(app: Flask) -> None:
    """A draft's and a booking's address hold 128 random bits; guesses at a booking's are limited."""
    open_to_all = {endpoint for endpoint, rule in posts(app).items() if not BEHIND_A_SECRET.match(rule)}
    assert open_to_all == (set(TRAPPED) - {"public.book_check"}) | SMALL
    assert [endpoint for endpoint in TRAPPED if not is_limited(app, endpoint)] == []


@pytest.mark.one_database
def test_every_page_behind_a_bookings_link_limits_guesses(app: Flask) -> None:
    secret = ("/bookings/<token>", "/feedback/<token>")
    behind = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith(secret)}
    assert len(behind) > 8
    assert [endpoint for endpoint in sorted(behind) if not is_limited(app, endpoint)] == []


@pytest.mark.parametrize("address", [path for path, _most in TRAPPED.values() if path])
def test_who_fills_in_the_trap_gets_nowhere(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context():
        an_event(slug="forum")
        an_event(slug="coffee", booking_mode="open", kind="coffee", capacity=None)
        an_event(slug="held", starts_at=clock.now() - timedelta(hours=1))
        a_booking(an_event(), email="sam@example.net")
        before = written()
    family = Family(client).open(address)
    assert 'name="website"' in family.text
    family.send(website="https://spam.example", email="sam@example.net", adults=1)
    assert family.status == 422
    with app.app_context():
        assert written() == before


def test_the_last_page_of_a_booking_has_the_trap_too(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        an_event(slug="forum")
    family = Family(client).book("forum")
    assert 'name="website"' in family.text
    family.send(website="x")
    assert family.status == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(Booking.id))) == 0


@pytest.mark.one_database
def test_people_do_not_see_hear_or_reach_the_trap(app: Flask, client: FlaskClient) -> None:
    shown = client.get("/find-my-booking").get_data(as_text=True)
    around = shown.split('name="website"')[0].rsplit("<div", 1)[1]
    assert 'aria-hidden="true"' in around
    box = re.search(r'<input[^>]*name="website"[^>]*>', shown)
    assert box is not None
    assert 'tabindex="-1"' in box.group()
    assert 'autocomplete="off"' in box.group()


@pytest.mark.one_database
def test_too_many_tries_are_slowed_down_with_a_calm_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        forget_tries()
    family = Family(client).open("/find-my-booking")
    token = family.csrf
    answers = [
        family.post("/find-my-booking", data={"csrf_token": token, "email": f"a{number}@example.net"}).status_code
        for number in range(62)
    ]
    assert 429 not in answers[:60]
    assert answers[-1] == 429


@pytest.mark.one_database
def test_guessing_links_is_slowed_down_and_a_real_link_goes_on(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        forget_tries()
        link = f"/bookings/{booking_token(a_booking(an_event()))}"
    assert {client.get(f"/bookings/{number:026d}").status_code for number in range(60)} == {404}
    assert client.get(f"/bookings/{61:026d}").status_code == 429
    with app.app_context():
        forget_tries()
    assert [client.get(link).status_code for _time in range(80)] == [200] * 80


@pytest.mark.one_database
def test_no_page_asks_for_a_puzzle_or_brings_in_somebody_elses(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        an_event(slug="forum")
    for address in ("/", "/sessions/forum/book", "/find-my-booking", "/wish", "/staff/sign-in"):
        answer = client.get(address)
        assert not re.search(r"captcha|hcaptcha|turnstile|recaptcha", answer.get_data(as_text=True), re.IGNORECASE)
        policy = answer.headers["Content-Security-Policy"]
        assert "http:" not in policy
        assert "https:" not in policy


def written() -> tuple[int, ...]:
    tables = [table for table in db.metadata.sorted_tables if table.name != "audit_entry"]
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
