"""Somebody who books on SQLite while another writes for longer than one may wait: nothing typed is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from booking.extensions import db
from booking.models import Booking
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.public.family import Family
from tests.staff.browse import forms_of

Held = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.one_database
CONTACT = {"full_name": 'Zoë "Zed" <Carer>', "contact_by": "email", "email": "zoe@example.net"}


@pytest.fixture
def writes(app: Flask, database_url: str) -> Iterator[Held]:
    """Return what holds the writer's lock; nobody waits for it for half a minute."""
    with app.app_context():
        engine = db.engine

    def impatient(line: sqlite3.Connection, *_more: object) -> None:
        line.execute("PRAGMA busy_timeout=20").close()

    @contextmanager
    def held() -> Iterator[None]:
        line = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        line.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            line.rollback()
            line.close()

    event.listen(engine, "checkout", impatient)
    yield held
    event.remove(engine, "checkout", impatient)
    engine.dispose()


def bookings(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Booking.id))) or 0


def test_what_was_typed_is_sent_again_with_a_button(app: Flask, client: FlaskClient, writes: Held) -> None:
    with app.app_context():
        an_event(slug="forum")
    family = Family(client)
    family.open("/sessions/forum/book").send()
    with writes():
        family.send(CONTACT)
        assert family.status == 503
        assert "Nothing you typed is lost" in family.text
        assert 'value="Zoë &#34;Zed&#34; &lt;Carer&gt;"' in family.text
        family.send()  # too early
        assert family.status == 503
    family.send()
    while not family.path.endswith("/check"):
        assert family.status == 200
        family.send()
    assert "zoe@example.net" in family.text
    with writes():
        family.send()
        assert family.status == 503
    assert bookings(app) == 0
    family.send()
    assert family.status == 200
    assert bookings(app) == 1


def test_a_page_that_only_needs_a_note_of_it_is_opened_again(app: Flask, client: FlaskClient, writes: Held) -> None:
    with app.app_context():
        number = an_event(slug="forum").id
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    path = f"/staff/sessions/{number}/attendance-list?columns=name&columns=email"
    with writes():
        answer = client.get(path)
    assert answer.status_code == 503
    assert "Please try again in a minute." in answer.text
    assert f'href="{path.replace("&", "&amp;")}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path).status_code == 200


def test_a_password_is_not_given_back(app: Flask, client: FlaskClient, writes: Held) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        page = client.get("/staff/sign-in")
        fields = {name: values[0] for name, values in forms_of(page)["/staff/sign-in"].items()}
        with app.app_context():
            address = a_member_of_staff(StaffRole.ORGANISER).email
        with writes():
            answer = client.post("/staff/sign-in", data=fields | {"email": address, "password": "a long walk"})
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert "a long walk" not in answer.text
