"""J9: free places go along the list in joining order, to the first family that fits whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from booking.extensions import db, transaction
from booking.models import Event
from booking.services.move_waitlist import lapse_offers
from tests.cast import an_event
from tests.public.family import Family


def join(app: Flask, slug: str, name: str, *, adults: int = 1) -> Family:
    """Book, or join the list when the session is full; the family stays on its own page."""
    family = Family(app.test_client()).book(slug, email=f"{name}@example.net", full_name=name, adults=adults).send()
    return family.send() if family.status == 409 else family


def cancel(family: Family) -> None:
    family.open(f"{family.path}/cancel").send()


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        return str(an_event(capacity=2).slug)


def tick(app: Flask) -> None:
    """Let the worker watch the deadlines."""
    with app.app_context(), transaction():
        lapse_offers()


def test_from_the_list_to_a_place(app: Flask, slug: str) -> None:
    first, second = join(app, slug, "first"), join(app, slug, "second")
    large, small = join(app, slug, "large", adults=2), join(app, slug, "small")
    assert "You are number 2 on the list" in small.open(small.path).text
    cancel(first)
    assert "You are number 1 on the list" in large.open(large.path).text
    assert "We are keeping it for you until 8pm on Wednesday 17 June 2026" in small.open(small.path).text
    assert "You have a place" in small.send(to="/accept").text
    cancel(second)
    cancel(small)
    assert "A place is being kept for you" in large.open(large.path).text


def test_an_offer_nobody_answers_goes_to_the_next_and_the_position_is_kept(
    app: Flask, slug: str, summer: time_machine.Traveller
) -> None:
    first, _second = join(app, slug, "first"), join(app, slug, "second")
    silent, patient = join(app, slug, "silent"), join(app, slug, "patient")
    cancel(first)
    summer.shift(timedelta(hours=35))
    tick(app)
    assert "You are number 1 on the list" in silent.open(silent.path).text
    assert "A place is being kept for you" in patient.open(patient.path).text


def test_in_the_last_day_staff_ring(app: Flask, slug: str, summer: time_machine.Traveller) -> None:
    first, _second, waiting = join(app, slug, "first"), join(app, slug, "second"), join(app, slug, "waiting")
    with app.app_context():
        starts_at = db.session.query(Event).filter_by(slug=slug).one().starts_at
    summer.move_to(starts_at - timedelta(hours=20))
    cancel(first)
    tick(app)
    assert "we will ring you" in waiting.open(waiting.path).text


def test_who_has_a_place_and_wants_more_keeps_it_and_waits_its_turn(app: Flask, slug: str) -> None:
    mine, other = join(app, slug, "mine"), join(app, slug, "other")
    before = join(app, slug, "before")
    mine.open(mine.path).send(to="/adults", adults=2).send(to="/more")
    assert "You have a place" in mine.text
    assert "You are number 2 on the list" in mine.text
    cancel(other)
    assert "A place is being kept for you" in before.open(before.path).text
    before.send(to="/pass")
    assert "1 more place is kept for you" in mine.open(mine.path).text
    mine.send(to="/accept")
    assert "2 adults" in mine.text
    assert "You are number 1 on the list" in before.open(before.path).text


def test_an_offer_is_taken_once_in_two_tabs(app: Flask, slug: str) -> None:
    first, _second, waiting = join(app, slug, "first"), join(app, slug, "second"), join(app, slug, "waiting")
    cancel(first)
    tab = Family(waiting.client).open(waiting.path)
    assert "You have a place" in waiting.open(waiting.path).send(to="/accept").text
    assert "You have a place" in tab.send(to="/accept").text


def test_the_page_says_the_rule_and_how_long_an_offer_lasts(app: Flask, slug: str) -> None:
    join(app, slug, "first", adults=2)
    page = join(app, slug, "waiting").text
    assert "in the order families joined the list, to the first family we have enough places for" in page
    assert "mostly until 8pm the next day" in page
