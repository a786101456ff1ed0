"""Opening a page changes nothing: mail scanners and link previews open every link (`design.md` rule 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from sqlalchemy import event

from booking.extensions import db
from tests.cast import sign_in, somebody_with_every_role
from tests.guards.conftest import family_walk, staff_walk

pytestmark = pytest.mark.one_database

WRITES = re.compile(r"\s*(?:WITH\b.*\)\s*)?(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b", re.IGNORECASE | re.DOTALL)
A_LOOK_IS_NOTED = re.compile(r"\s*INSERT INTO audit_entry\b", re.IGNORECASE)
OF_STAFF = ("staff.", "door.")


@dataclass
class Watch:
    """What was written while somebody only looked; `looks` are the pages whose look was noted in the audit."""

    wrote: list[str] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)
    opened: set[tuple[str, str]] = field(default_factory=set)


@pytest.fixture
def watch(app: Flask) -> Iterator[Watch]:
    """Watch every statement of every GET and HEAD."""
    seen = Watch()

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not has_request_context() or request.method not in ("GET", "HEAD"):
            return
        endpoint = request.endpoint or ""
        seen.opened.add((request.method, endpoint))
        if A_LOOK_IS_NOTED.match(statement) and endpoint.startswith(OF_STAFF):
            seen.looks.add(endpoint)
        elif WRITES.match(statement):
            seen.wrote.append(f"{request.method} {request.path}: {statement[:80]}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


def test_nothing_is_written_when_a_family_looks(app: Flask, world: list[str], watch: Watch) -> None:
    visits = family_walk(app, world)
    client = app.test_client()
    for visit in visits:
        client.head(visit.path, buffered=True)
    assert watch.wrote == []
    assert watch.looks == set(), "a family's look is nobody's business"
    assert {("GET", "public.my_booking"), ("HEAD", "public.my_booking"), ("GET", "public.book_check")} <= watch.opened


def test_only_the_look_itself_is_noted_when_staff_look(app: Flask, world: list[str], watch: Watch) -> None:
    visits = staff_walk(app, world)
    client = app.test_client()
    with app.app_context():
        sign_in(client, somebody_with_every_role())
    for visit in visits:
        client.head(visit.path, buffered=True)
    assert watch.wrote == []
    assert {"staff.home", "staff.session", "staff.messages", "door.register", "door.close"} <= watch.looks
    assert ("HEAD", "staff.session") in watch.opened


def test_a_link_signs_nobody_out(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, somebody_with_every_role())
    assert client.get("/staff/sign-out").status_code == 405
    assert client.head("/staff/sign-out").status_code == 405
    assert client.get("/staff/").status_code == 200


def test_the_watch_sees_what_is_written(app: Flask, watch: Watch) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for statement in ("DELETE FROM draft", "UPDATE draft SET lang = 'en'", "INSERT INTO role (name) VALUES ('x')"):
            assert WRITES.match(statement)
            with app.test_request_context("/"), connection.begin() as writing:
                connection.exec_driver_sql(statement) if "INSERT" not in statement else None
                writing.rollback()
    assert len(watch.wrote) == 2
