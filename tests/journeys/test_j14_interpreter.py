"""J14: an interpreter the family brings comes along without a place; one that we book is something that helps."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, PersonKind
from tests.cast import a_booking, an_event
from tests.public.family import Family


@pytest.fixture
def forum(app: Flask) -> str:
    with app.app_context():
        event = an_event(capacity=2)
        a_booking(event)
        return str(event.slug)


def book(client: FlaskClient, slug: str, *, needs: dict[str, object] | None = None, **who: object) -> Family:
    family = Family(client).open(f"/sessions/{slug}/book").send(who)
    family.send(full_name="Sam", contact_by="email", email="sam@example.net")
    while not family.path.endswith("/check"):
        family.send(needs if family.path.endswith("/needs") else None)
    return family.send()


def test_an_interpreter_takes_no_place(app: Flask, client: FlaskClient, forum: str) -> None:
    family = book(client, forum, interpreters=1)
    assert "You have a place" in family.text
    assert "1 adult, 1 interpreter, no children" in family.text
    with app.app_context():
        assert db.session.scalars(select(Event.places_taken).where(Event.slug == forum)).one() == 2
        booking = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
        assert booking is not None
        assert [place.kind for place in booking.places] == [PersonKind.PARENT_CARER, PersonKind.INTERPRETER]


def test_nothing_is_kept_of_who_the_interpreter_is(app: Flask, client: FlaskClient, forum: str) -> None:
    book(client, forum, interpreters=2)
    with app.app_context():
        booking = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
        assert booking is not None
        assert [place.adult is None for place in booking.places] == [False, True, True]


def test_one_we_book_is_asked_for_as_what_helps(app: Flask, client: FlaskClient, forum: str) -> None:
    family = book(client, forum, needs={"any_needs": "yes", "needs": ["bsl"], "consent_needs": "y"})
    assert "Sign Language" in family.text
    with app.app_context():
        booking = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
        assert booking is not None
        assert (booking.status, [need.code for need in booking.needs]) == (BookingStatus.CONFIRMED, ["bsl"])
