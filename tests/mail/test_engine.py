"""huey on the database that JOBS_URL names: it only wakes; the outbox is the truth."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
import time_machine
from flask import Flask

from booking.extensions import db, transaction
from booking.jobs import tick
from booking.jobs.engine import Engine
from booking.models import Booking
from booking.services.notify import tell_link
from tests.cast import a_booking, an_event


@pytest.fixture
def engine(in_app: Flask, database_url: str) -> Iterator[Engine]:
    """An engine whose JOBS_URL is of the same kind as the database."""
    config = in_app.extensions["config"]
    is_sqlite = database_url.startswith("sqlite")
    jobs_url = f"sqlite:///{config.instance_path / 'engine.db'}" if is_sqlite else database_url
    in_app.extensions["config"] = dataclasses.replace(config, jobs_url=jobs_url)
    before = in_app.extensions["jobs"]
    in_app.extensions["jobs"] = engine = Engine(in_app)
    yield engine
    engine._built().storage.flush_all()
    engine._built().storage.close()
    in_app.extensions["config"], in_app.extensions["jobs"] = config, before
    if not is_sqlite:
        with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
            for table in ("kv", "schedule", "task", "counter"):
                connection.execute(f"drop table huey_{table}")


def test_a_message_wakes_the_worker_once_it_is_committed(engine: Engine) -> None:
    booking = a_booking(an_event())
    assert engine._built().pending_count() == 1
    assert engine._built().dequeue().name == "deliver"
    with transaction():
        tell_link(db.session.get_one(Booking, booking.id))
        assert engine._built().pending_count() == 0
    assert engine._built().pending_count() == 1


def test_many_messages_leave_one_wake_up(engine: Engine) -> None:
    event = an_event()
    for _ in range(5):
        a_booking(event)
    assert engine._built().pending_count() == 1


def test_a_deed_that_was_rolled_back_wakes_nobody(engine: Engine) -> None:
    booking = a_booking(an_event(), email=None, phone="01632 960111")
    assert engine._built().pending_count() == 0
    with pytest.raises(RuntimeError, match="stop"), transaction():
        row = db.session.get_one(Booking, booking.id)
        row.email = "parent@example.net"
        tell_link(row)
        raise RuntimeError("stop")
    with transaction():
        db.session.get_one(Booking, booking.id).children = 1
    assert engine._built().pending_count() == 0


@pytest.mark.one_database
def test_a_jobs_database_that_is_away_harms_no_booking(in_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    config = in_app.extensions["config"]
    before = in_app.extensions["jobs"]
    in_app.extensions["config"] = dataclasses.replace(config, jobs_url="sqlite:////no/such/folder/jobs.db")
    in_app.extensions["jobs"] = Engine(in_app)
    try:
        assert a_booking(an_event()).reference
    finally:
        in_app.extensions["config"], in_app.extensions["jobs"] = config, before
    assert "could not be woken" in caplog.text


@pytest.mark.one_database
def test_tick_prints_what_it_did(in_app: Flask) -> None:
    a_booking(an_event())
    printed = in_app.test_cli_runner().invoke(args=["tick"]).output
    assert "Reminders queued: 0." in printed
    assert "Later: 1." in printed


@pytest.mark.one_database
def test_a_step_of_a_tick_that_fails_stops_no_other(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("parent@example.net")

    a_booking(an_event())
    monkeypatch.setattr(importlib.import_module("booking.jobs.tick"), "lapse_offers", broken)
    ticked = tick()
    assert ticked.failed == ("lapse_offers",)
    assert ticked.delivered.later == 1
    assert "lapse_offers failed: ValueError at test_engine.py" in caplog.text
    assert "parent@" not in caplog.text
    assert in_app.test_cli_runner().invoke(args=["tick"]).exit_code == 1


def test_a_worker_tells_all_processes_when_it_last_ticked(engine: Engine, summer: time_machine.Traveller) -> None:
    assert engine.seconds_since_tick() is None
    engine._tick()
    summer.shift(timedelta(seconds=90))
    other = Engine(engine._app)
    assert other.seconds_since_tick() in range(90, 100)
    other._built().storage.close()


def test_a_line_to_the_jobs_database_that_broke_is_opened_again(
    engine: Engine, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    a_booking(an_event())
    engine._built().dequeue()
    if not database_url.startswith("sqlite"):
        with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and query like '%huey%'"
            )
    a_booking(an_event())
    assert engine._built().pending_count() == 1
    assert "could not be woken" not in caplog.text
