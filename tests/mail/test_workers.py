"""Workers as they run: several at once, killed for real, told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages, tick
from booking.models import Booking, Message
from booking.rules.words import MessageKind, MessageStatus
from booking.services.notify import notify
from tests.cast import a_booking, an_event
from tests.conftest import ENVIRONMENT, ROOT
from tests.mail.deeds import outbox, statuses
from tests.mail.relay import Relay, running

SECONDS = 100
"""Longer than a tick: a wake-up is only asked for, the next tick is promised."""


class SlowRelay(Relay):
    """Says that a mail is coming in, and waits before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = threading.Event()
        self.seconds = 0.0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.arrived.set()
        if self.seconds:
            await asyncio.sleep(self.seconds)
        return await super().handle_DATA(server, session, envelope)


def test_two_workers_send_two_hundred_messages_once_each(app: Flask, relay: Relay) -> None:
    event = an_event(capacity=None)
    booking = a_booking(event)
    deliver_messages()
    with transaction():
        booking = db.session.get_one(Booking, booking.id)
        for number in range(200):
            notify(booking, MessageKind.LINK, dedupe=f"many:{number}", address=f"parent{number}@example.net")
    db.session.remove()

    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                deliver_messages()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert len(relay.raw) == 201
    assert len({mail["Message-ID"] for mail in relay.mails}) == 201
    assert {message.status for message in outbox()} == {MessageStatus.SENT}


def test_two_workers_never_queue_a_reminder_twice(app: Flask, relay: Relay, summer: time_machine.Traveller) -> None:
    event = an_event(capacity=None)
    for _ in range(20):
        a_booking(event)
    tick()
    summer.move_to(clock.london_time(clock.in_london(event.starts_at).date().replace(day=27), 11))
    db.session.remove()
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                tick()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert sum(subject.startswith("Reminder") for subject in relay.subjects) == 20


@pytest.mark.real_clock
class TestTheWorkerProcess:
    def test_sends_what_is_queued_while_it_runs_and_ends_when_told(self, in_app: Flask, tmp_path: Path) -> None:
        with running(Relay()) as relay, worker(in_app, relay, tmp_path) as process:
            event = an_event()
            a_booking(event)
            wait_until(lambda: len(relay.raw) == 1, process)
            a_booking(event)
            wait_until(lambda: len(relay.raw) == 2, process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=SECONDS) == 0
        assert statuses() == ["confirmed: sent"] * 2

    def test_told_to_stop_in_the_middle_it_ends_the_mail_it_began(self, in_app: Flask, tmp_path: Path) -> None:
        relay = SlowRelay()
        relay.seconds = 0.5
        event = an_event()
        for _ in range(10):
            a_booking(event)
        with running(relay), worker(in_app, relay, tmp_path) as process:
            assert relay.arrived.wait(SECONDS)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=SECONDS) == 0
        sent = [message for message in outbox() if message.status == MessageStatus.SENT]
        left = [message for message in outbox() if message.status == MessageStatus.QUEUED]
        assert len(sent) == len(relay.raw) < 10
        assert len(left) == 10 - len(sent)
        assert {message.lease_id for message in left} == {None}

    def test_killed_with_kill_9_while_an_invitation_leaves_loses_nothing(self, in_app: Flask, tmp_path: Path) -> None:
        relay = SlowRelay()
        relay.seconds = 60
        event = an_event()
        for _ in range(3):
            a_booking(event)
        with running(relay):
            with worker(in_app, relay, tmp_path) as process:
                assert relay.arrived.wait(SECONDS)
                process.kill()
                process.wait(timeout=SECONDS)
            killed = [message for message in outbox() if message.data_started_at]
            assert [message.status for message in killed] == [MessageStatus.SENDING]
            kept = killed[0].rendered
            relay.seconds = 0
            expire_leases()
            with worker(in_app, relay, tmp_path) as process:
                wait_until(lambda: len(relay.raw) == 3, process)
                wait_until(lambda: statuses() == ["confirmed: sent"] * 3, process)
        assert relay.raw[0] == kept


@contextmanager
def worker(app: Flask, relay: Relay, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `flask worker` on the app's database until the end of the block."""
    env = os.environ | ENVIRONMENT
    env |= {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "JOBS_URL": app.extensions["config"].jobs_url,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(relay.port),
        "PYTHONUNBUFFERED": "1",
    }
    log = (folder / "worker.log").open("ab")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        log.close()


def wait_until(is_done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for something to come true while a process lives."""
    deadline = time.monotonic() + SECONDS
    while not is_done():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def expire_leases() -> None:
    """Let the five minutes pass after which a dead worker's messages are free."""
    with transaction():
        for message in db.session.query(Message).filter(Message.lease_id.is_not(None)):
            message.lease_until = clock.now() - timedelta(seconds=1)
