"""J22: a parent breaks down, or somebody may not be safe: whom to ring is near, and nothing is written down."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking.extensions import db
from booking.locality import get_locality
from booking.locality.kinds import HelpFor
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.conftest import make_config
from tests.public.looking import html, page


@pytest.mark.parametrize("prefix", ["", "/easy", "/pl"])
@pytest.mark.parametrize("address", ["/help", "/worried"])
def test_the_numbers_stand_there_and_can_be_pressed(client: FlaskClient, prefix: str, address: str) -> None:
    shown = html(client, prefix + address)
    for number in ("116 123", "111"):
        assert f'href="tel:{number.replace(" ", "")}"' in shown
    assert "www.iask.org.uk" in shown


def test_worried_names_the_county_and_our_own_lead(client: FlaskClient) -> None:
    shown = html(client, "/worried")
    for line in get_locality("kent").help_lines:
        assert f'href="tel:{line.phone.replace(" ", "")}"' in shown, line.name
    assert "ring 999" in page(client, "/worried")
    assert 'href="tel:01632960000"' in shown


@pytest.mark.one_database
def test_the_leads_own_number_can_be_set(app: Flask, client: FlaskClient) -> None:
    before = app.extensions["config"]
    app.extensions["config"] = make_config("sqlite://", before.instance_path, SAFEGUARDING_PHONE="01632 960777")
    try:
        assert 'href="tel:01632960777"' in html(client, "/worried")
    finally:
        app.extensions["config"] = before


def test_there_is_nothing_to_fill_in_and_no_cookie_is_set(client: FlaskClient) -> None:
    answer = client.get("/worried")
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    assert not re.search(r"<(form|input|textarea|select|button)\b", main)
    assert "Set-Cookie" not in answer.headers
    assert client.post("/worried").status_code == 405


def test_looking_at_it_leaves_no_trace_in_any_table(app: Flask, client: FlaskClient) -> None:
    client.get("/worried")
    with app.app_context():
        for table in db.metadata.sorted_tables:
            assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.name


def test_every_page_leads_there_also_at_the_door(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        an_event(slug="forum")
    for address in ("/", "/sessions", "/sessions/forum", "/help", "/find-my-booking", "/no-such-page"):
        assert 'href="/worried"' in client.get(address).get_data(as_text=True), address
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
    for address in ("/door/", "/staff/"):
        assert 'href="/worried"' in client.get(address).get_data(as_text=True), address


def test_no_table_has_a_column_for_it() -> None:
    named = {f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns}
    assert not [name for name in named if re.search(r"crisis|safeguard|worried|concern|upset|incident", name)]


def test_the_lines_say_whom_they_are_for_and_when() -> None:
    lines = get_locality("kent").help_lines
    assert {line.whom for line in lines} == set(HelpFor)
    assert all(line.when and re.fullmatch(r"[0-9 ]{3,14}", line.phone) for line in lines)
