"""J4: an open drop-in needs no booking; "we may come" is two numbers and nothing about anybody."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking.extensions import db, transaction
from booking.models import Booking, Event, MayCome
from booking.rules.words import BookingMode, EventKind, EventStatus
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.public.family import Family


@pytest.fixture
def drop_in(app: Flask) -> str:
    with app.app_context():
        an_event()
        values = {"booking_mode": BookingMode.OPEN, "kind": EventKind.DROP_IN, "capacity": None}
        return str(an_event(title="Open morning", **values).slug)


def noted(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        rows = db.session.execute(select(MayCome.adults, MayCome.children).order_by(MayCome.id)).all()
    return [(row.adults, row.children) for row in rows]


def test_the_page_says_to_come_any_time(client: FlaskClient, drop_in: str) -> None:
    family = Family(client).open(f"/sessions/{drop_in}")
    assert "You do not need to book. Come at any time between 10am and midday." in family.text
    assert f'href="/sessions/{drop_in}/may-come"' in family.text
    assert f'href="/sessions/{drop_in}/book"' not in family.text


def test_who_may_come_is_two_numbers_and_no_booking(app: Flask, client: FlaskClient, drop_in: str) -> None:
    family = Family(client).open(f"/sessions/{drop_in}/may-come").send(adults=2, children=3)
    assert "Thank you" in family.text
    assert noted(app) == [(2, 3)]
    with app.app_context():
        assert db.session.scalar(select(func.count(Booking.id))) == 0
        assert set(db.session.scalars(select(Event.places_taken))) == {0}


@pytest.mark.parametrize("given", [{"adults": 0}, {"adults": 7}, {"children": 11}, {"adults": "two"}, {"adults": ""}])
def test_numbers_nobody_means_are_asked_again(
    app: Flask, client: FlaskClient, drop_in: str, given: dict[str, object]
) -> None:
    family = Family(client).open(f"/sessions/{drop_in}/may-come").send(given)
    assert (family.status, noted(app)) == (422, [])


def test_a_program_that_fills_everything_in_is_refused(app: Flask, client: FlaskClient, drop_in: str) -> None:
    family = Family(client).open(f"/sessions/{drop_in}/may-come").send(website="buy now")
    assert (family.status, noted(app)) == (422, [])


def test_too_many_at_once_are_asked_to_wait(app: Flask, client: FlaskClient, drop_in: str) -> None:
    family = Family(client).open(f"/sessions/{drop_in}/may-come")
    answers = [family.post(family.path, data={"adults": "1", "csrf_token": family.csrf}) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]


@pytest.mark.parametrize("change", [{"status": EventStatus.CANCELLED}, {"new_date_pending": True}])
def test_a_session_called_off_meanwhile_takes_no_more(
    app: Flask, client: FlaskClient, drop_in: str, change: dict[str, object]
) -> None:
    family = Family(client).open(f"/sessions/{drop_in}/may-come")
    with app.app_context(), transaction():
        event = db.session.scalars(select(Event).where(Event.slug == drop_in)).one()
        for name, value in change.items():
            setattr(event, name, value)
    family.send(adults=2)
    assert (family.status, noted(app)) == (409, [])
    assert "We may come</button>" not in family.text


def test_a_session_that_is_booked_has_no_such_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        slug = an_event().slug
    assert client.get(f"/sessions/{slug}/may-come").status_code == 404


def test_staff_see_about_how_many(app: Flask, client: FlaskClient, drop_in: str) -> None:
    for adults in (4, 3):
        Family(client).open(f"/sessions/{drop_in}/may-come").send(adults=adults)
    with app.app_context():
        member = a_member_of_staff()
        sign_in(client, member)
        event_id = db.session.scalars(select(Event.id).where(Event.slug == drop_in)).one()
    assert "About 7 adults may come" in client.get(f"/staff/sessions/{event_id}").text
    assert "About 7 adults may come" in client.get("/staff/sessions").text
