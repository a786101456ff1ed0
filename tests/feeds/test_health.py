"""Whether the system can do its work, in numbers that a program can watch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from booking.extensions import transaction
from booking.jobs import deliver_messages
from booking.services.claim_messages import claim_messages
from tests.cast import a_booking, an_event
from tests.mail.deeds import change

LATE = timedelta(minutes=16)


@pytest.fixture(autouse=True)
def engine(app: Flask) -> Iterator[object]:
    """The engine, which knows of no tick of other tests."""
    engine = app.extensions["jobs"]
    engine._built().storage.flush_results()
    yield engine
    engine._built().storage.flush_results()


def health(client: FlaskClient) -> tuple[int, dict[str, object]]:
    response = client.get("/healthz")
    return response.status_code, response.get_json()


def test_is_good_when_nothing_waits(client: FlaskClient) -> None:
    assert health(client) == (200, {"ok": True, "oldest_due_seconds": 0, "last_tick_seconds": None})


def test_tells_how_long_the_oldest_message_that_is_due_has_waited(
    in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
) -> None:
    a_booking(an_event())
    summer.shift(timedelta(minutes=5))
    a_booking(an_event())
    status, said = health(client)
    assert status == 200
    assert 300 <= int(str(said["oldest_due_seconds"])) < 330
    summer.shift(timedelta(minutes=11))
    status, said = health(client)
    assert (status, said["ok"]) == (503, False)


def test_a_message_that_a_dead_worker_took_counts_again(
    in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
) -> None:
    a_booking(an_event())
    with transaction():
        claim_messages()
    assert health(client)[1]["oldest_due_seconds"] == 0
    summer.shift(LATE)
    assert health(client)[0] == 503


def test_what_waits_for_its_next_try_or_for_its_turn_is_not_due(
    in_app: Flask, client: FlaskClient, summer: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)  # no wait is longer than it has to be
    booking = a_booking(an_event())
    for _ in range(3):
        assert deliver_messages().later == 1  # there is no relay at all
        summer.shift(LATE)
    deliver_messages()
    change(booking, room="Upstairs")
    deliver_messages()  # what it waits behind is tried once more, and waits again
    summer.shift(LATE)
    assert health(client) == (200, {"ok": True, "oldest_due_seconds": 0, "last_tick_seconds": None})


def test_tells_when_a_worker_last_ticked(
    in_app: Flask, client: FlaskClient, engine: object, summer: time_machine.Traveller
) -> None:
    engine._tick()  # type: ignore[attr-defined]
    summer.shift(timedelta(minutes=2))
    status, said = health(client)
    assert status == 200
    assert 120 <= int(str(said["last_tick_seconds"])) < 150
    summer.shift(LATE)
    assert health(client)[0] == 503


@pytest.mark.one_database
def test_is_bad_when_the_database_does_not_answer(client: FlaskClient) -> None:
    broken = OperationalError("SELECT 1", {}, Exception("gone"))
    with patch("booking.extensions.db.session.scalar", side_effect=broken):
        assert health(client) == (503, {"ok": False})
        assert client.get("/healthz/web").status_code == 503


def test_a_proxy_is_not_told_to_leave_the_site_because_mail_is_late(
    in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
) -> None:
    a_booking(an_event())
    summer.shift(LATE)
    assert health(client)[0] == 503
    response = client.get("/healthz/web")
    assert (response.status_code, response.get_json()) == (200, {"ok": True})
    assert response.headers["Cache-Control"] == "no-store"
