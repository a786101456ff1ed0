"""A mail leaves while a worker is at a long file of past attendance; a worker that is ended there loses nothing."""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, let_go, transaction
from booking.jobs.engine import Engine
from booking.jobs.file_work import FileWork
from booking.jobs.progress import import_of
from booking.models import AttendanceImport, Place
from booking.rules.import_states import ImportState
from booking.rules.words import StaffRole
from booking.services.keep_attendance_import import keep_attendance_import, let_it_be_written
from tests.bench.lists import a_file
from tests.cast import a_booking, a_member_of_staff, an_event
from tests.mail.relay import Relay, running
from tests.mail.test_workers import wait_until, worker

PATIENCE = 60
"""Seconds, after which something that is waited for will not come any more."""


class Held:
    """Holds whoever gets there, until it is let go on."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def before(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def holding(*arguments: Any, **named: Any) -> Any:
            self.reached.set()
            assert self.opened.wait(PATIENCE)
            return real(*arguments, **named)

        return holding

    def after(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def holding(*arguments: Any, **named: Any) -> Any:
            done = real(*arguments, **named)
            self.reached.set()
            assert self.opened.wait(PATIENCE)
            return done

        return holding


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.opened.set()


@pytest.fixture
def engine(in_app: Flask) -> Iterator[Engine]:
    """The engine of the app, with the thread that works on files, as `flask worker` has it."""
    engine: Engine = in_app.extensions["jobs"]
    with FileWork(in_app, is_stopping=lambda: False) as engine._files:
        yield engine
    engine._files = None


def given(rows: int, state: ImportState = ImportState.LOOK) -> int:
    """Give a file as its page does, and say that it shall be brought in."""
    member = a_member_of_staff(StaffRole.INSIGHT).id
    with transaction():
        number = keep_attendance_import(a_file(rows), name="past.csv", staff_id=member)
        if state == ImportState.WRITE:
            row = db.session.get_one(AttendanceImport, number)
            row.state, row.found = ImportState.LOOKED, row.found | {"places": rows, "all_problems": 0}
            db.session.flush()
            let_it_be_written(number, staff_id=member)
    return number


def state_of(number: int) -> ImportState:
    let_go()
    return db.session.get_one(AttendanceImport, number, populate_existing=True).state


def places() -> int:
    let_go()
    return db.session.scalar(select(func.count(Place.id)).where(Place.booking_id.is_not(None))) or 0


def wait_for(is_true: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 20):
        if is_true():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it took too long")


def a_mail_leaves(engine: Engine, relay: Relay) -> None:
    a_booking(an_event())
    engine._deliver()
    assert len(relay.raw) == 1


class TestAMail:
    def test_leaves_while_a_file_is_read(
        self, engine: Engine, relay: Relay, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = importlib.import_module("booking.jobs.bring_in")
        monkeypatch.setattr(module, "read_attendance", held.before(module.read_attendance))
        number = given(30)
        engine._bring_in()
        assert held.reached.wait(PATIENCE)
        a_mail_leaves(engine, relay)
        assert state_of(number) == ImportState.LOOK
        held.opened.set()
        wait_for(lambda: state_of(number) == ImportState.LOOKED)

    def test_leaves_with_the_next_tick(
        self, engine: Engine, relay: Relay, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = importlib.import_module("booking.jobs.bring_in")
        monkeypatch.setattr(module, "read_attendance", held.before(module.read_attendance))
        number = given(30)
        engine._tick()
        assert held.reached.wait(PATIENCE)
        a_booking(an_event())
        engine._tick()
        assert len(relay.raw) == 1
        held.opened.set()
        wait_for(lambda: state_of(number) == ImportState.LOOKED)

    def test_leaves_while_it_is_worked_out_what_is_to_be_written(
        self, engine: Engine, relay: Relay, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = importlib.import_module("booking.jobs.bring_in")
        monkeypatch.setattr(module, "plan_import", held.after(module.plan_import))
        number = given(30, ImportState.WRITE)
        engine._bring_in()
        assert held.reached.wait(PATIENCE)
        a_mail_leaves(engine, relay)
        held.opened.set()
        wait_for(lambda: state_of(number) == ImportState.WRITTEN)
        assert places() == 30 + 1

    @pytest.mark.one_database("postgresql")
    def test_leaves_while_a_file_is_written_where_more_than_one_may_write(
        self, engine: Engine, relay: Relay, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = importlib.import_module("booking.services.import_attendance")
        monkeypatch.setattr(module, "record_audit", held.before(module.record_audit))
        number = given(30, ImportState.WRITE)
        engine._bring_in()
        assert held.reached.wait(PATIENCE)
        before = places()
        a_mail_leaves(engine, relay)
        held.opened.set()
        wait_for(lambda: state_of(number) == ImportState.WRITTEN)
        assert places() >= before + 30


@pytest.mark.usefixtures("in_app")
def test_the_thread_goes_on_after_an_error_of_the_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = importlib.import_module("booking.jobs.file_work")
    real, failed = module.bring_in_files, threading.Event()

    def once(**named: Any) -> int:
        monkeypatch.setattr(module, "bring_in_files", real)
        failed.set()
        raise OSError("parent@example.net")

    monkeypatch.setattr(module, "bring_in_files", once)
    number = given(30)
    engine._bring_in()
    assert failed.wait(PATIENCE)
    wait_for(lambda: "files could not be worked on: OSError" in caplog.text)
    assert "parent@" not in caplog.text
    engine._tick()
    wait_for(lambda: state_of(number) == ImportState.LOOKED)


@pytest.mark.real_clock
class TestTheWorkerProcess:
    ROWS = 20_000

    def test_brings_a_file_in_sends_a_mail_and_ends_when_told(self, in_app: Flask, tmp_path: Path) -> None:
        number = given(300, ImportState.WRITE)
        with running(Relay()) as relay, worker(in_app, relay, tmp_path) as process:
            a_booking(an_event())
            wait_until(lambda: len(relay.raw) == 1, process)
            wait_until(lambda: state_of(number) == ImportState.WRITTEN, process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) == 0

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    def test_ended_while_it_writes_a_file_has_written_nothing_and_another_does_it(
        self, in_app: Flask, tmp_path: Path, how: signal.Signals
    ) -> None:
        number = given(self.ROWS, ImportState.WRITE)
        progress = in_app.extensions["jobs"].progress_of
        with running(Relay()) as relay:
            with worker(in_app, relay, tmp_path) as process:
                wait_until(lambda: (found := progress(import_of(number))) and found.what == "written", process)
                process.send_signal(how)
                process.wait(timeout=PATIENCE)
            assert state_of(number) == ImportState.WRITE
            assert places() == 0
            with transaction():
                row = db.session.get_one(AttendanceImport, number)
                assert (row.leased_until is None) == (how == signal.SIGTERM), "who is told to end gives it back"
                row.leased_until = row.leased_until and clock.now() - timedelta(seconds=1)
            with worker(in_app, relay, tmp_path) as process:
                wait_until(lambda: state_of(number) == ImportState.WRITTEN, process)
        assert places() == self.ROWS
