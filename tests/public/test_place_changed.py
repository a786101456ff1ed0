"""Somebody who knows a place says that it has changed; staff hear of it and take it off the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, PlaceReport
from booking.rules.words import StaffRole
from booking.services.sweep_old import sweep_old
from tests.cast import a_member_of_staff, a_venue, an_event, sign_in
from tests.public.family import Family
from tests.staff.browse import forms_of, send

SAID = "The lift is broken."


@pytest.fixture
def page(app: Flask) -> str:
    with app.app_context():
        return f"/sessions/{an_event(slug='forum').slug}/place"


def told(client: FlaskClient, page: str) -> Family:
    return Family(client).open(f"{page}/changed").send(text=SAID)


def test_the_page_of_the_place_leads_there_and_it_is_sealed(app: Flask, client: FlaskClient, page: str) -> None:
    assert f'href="{page}/changed"' in client.get(page).text
    assert "Thank you for telling us" in told(client, page).text
    with app.app_context():
        assert db.session.scalars(select(PlaceReport.text)).one() == SAID
        assert "lift" not in str(db.session.execute(text("SELECT * FROM place_report")).all())


@pytest.mark.parametrize("typed", ["", "   ", "x" * 501])
def test_nothing_and_too_much_are_refused_and_stay(app: Flask, client: FlaskClient, page: str, typed: str) -> None:
    family = Family(client).open(f"{page}/changed")
    family.send(text=typed)
    assert family.status == 422
    with app.app_context():
        assert db.session.scalars(select(PlaceReport)).all() == []


@pytest.mark.parametrize("slug", ["nothing", "hidden"])
def test_a_confidential_place_is_not_found(app: Flask, client: FlaskClient, slug: str) -> None:
    with app.app_context():
        an_event(slug="hidden", venue_id=a_venue(is_confidential=True).id)
    assert client.get(f"/sessions/{slug}/place/changed").status_code == 404


def test_staff_see_it_today_and_take_it_off_the_list(app: Flask, client: FlaskClient, page: str) -> None:
    told(client, page)
    staff = app.test_client()
    with app.app_context():
        sign_in(staff, a_member_of_staff(StaffRole.VENUE))
    assert "1 family says that a place has changed" in staff.get("/staff/").text
    shown = staff.get("/staff/venues/to-check")
    assert SAID in shown.text
    [action] = [each for each in forms_of(shown) if each.startswith("/staff/place-reports/")]
    assert send(staff, shown, to=action).status_code == 303
    assert SAID not in staff.get("/staff/venues/to-check").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "looked into a report")).one()
        assert "lift" not in str(entry.facts)


def test_its_words_go_after_two_years(app: Flask, client: FlaskClient, page: str) -> None:
    told(client, page)
    with app.app_context():
        with transaction():
            db.session.scalars(select(PlaceReport)).one().created_at = clock.now() - timedelta(days=731)
        with transaction():
            assert sweep_old()["place_report"] == 1
        assert db.session.scalars(select(PlaceReport.text)).one() is None
