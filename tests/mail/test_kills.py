"""Several web processes and several workers at once, killed at any moment, on a database that crashes: nothing is
lost, nothing is doubled but one mail for each worker killed, and never a reminder (`design.md` rule 3)."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from booking import clock, create_app
from booking.extensions import db, transaction
from booking.models import Booking, Message
from booking.rules.words import UNFINISHED, MessageKind, MessageStatus
from booking.services.check_counters import find_problems
from booking.services.queue_reminders import queue_reminders
from tests.cast import a_booking, an_event
from tests.conftest import ENVIRONMENT, ROOT, make_config
from tests.mail.at_that_time import ahead
from tests.mail.deeds import change, outbox
from tests.mail.live_client import LiveClient
from tests.mail.relay import Relay, running
from tests.mail.test_workers import expire_leases
from tests.postgres import Cluster, free_port, own_cluster
from tests.public.family import Family

pytestmark = pytest.mark.long
PATIENCE = 100
FAMILIES, REMINDED = 30, 40
ONCE = (MessageKind.REMINDER_3_DAYS,)


class SlowRelay(Relay):
    """Takes its time over each mail, so that whoever is killed is often killed in the middle."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.05)
        return answer


@dataclass
class Site:
    """The whole system in processes of its own, and what it promised to families."""

    app: Flask
    env: dict[str, str]
    relay: Relay
    logs: Path
    cluster: Cluster | None
    slug: str = ""
    kills: int = 0
    web: int = 0
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    ends: threading.Event = field(default_factory=threading.Event)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program on the test's clock."""
        whole = [sys.executable, "-m", "tests.mail.at_that_time", ahead(), *command]
        with (self.logs / f"{command[0]}.log").open("ab") as log:
            return subprocess.Popen(whole, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)

    def start_workers(self, number: int) -> None:
        for _ in range(number):
            self.workers.append(self.start("flask", "--app", "wsgi", "worker"))

    def kill_worker(self) -> None:
        """Kill one worker with kill -9, whatever it does just now."""
        worker = self.workers.pop(random.randrange(len(self.workers)))
        assert worker.poll() is None, "a worker ended by itself"
        worker.kill()
        worker.wait()
        self.kills += 1

    def wait_for_mails(self, number: int, *, beginning: str = "") -> None:
        """Wait until so many more mails have come in."""
        enough = self._came(beginning) + number
        wait_until(lambda: self._came(beginning) >= enough)

    def _came(self, beginning: str) -> int:
        return sum(subject.startswith(beginning) for subject in self.relay.subjects)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """An empty site on a database of its own; everything is ended afterwards."""
    with ExitStack() as stack:
        cluster = stack.enter_context(own_cluster()) if request.param == "postgresql" else None
        url = cluster.url if cluster else f"sqlite:///{tmp_path / 'booking.db'}"
        app = create_app(make_config(url, tmp_path))
        relay = stack.enter_context(running(SlowRelay()))
        env = os.environ | ENVIRONMENT
        env |= {"DATABASE_URL": url, "JOBS_URL": cluster.url if cluster else f"sqlite:///{tmp_path / 'jobs.db'}"}
        env |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(relay.port), "PYTHONUNBUFFERED": "1"}
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            site = Site(app, env, relay, tmp_path, cluster)
            try:
                yield site
            finally:
                site.ends.set()
                for worker in site.workers:
                    worker.kill()
                    worker.wait()
                db.session.remove()
                db.engine.dispose()


def test_the_promise_holds(site: Site) -> None:
    _queue_what_waits(site)
    with _web(site) as address, _families_that_book(site, address):
        site.start_workers(3)
        site.wait_for_mails(5)
        _any_moment()
        site.kill_worker()
        _kill_a_web_process(site.web)
        _any_moment()
        site.kill_worker()
        site.kill_worker()
        expire_leases()
        site.start_workers(2)
        site.wait_for_mails(2, beginning="Reminder")
        _any_moment()
        site.kill_worker()
        _any_moment()
        site.kill_worker()
        wait_until(lambda: len(site.promised) >= 3)
    expire_leases()
    site.start_workers(1)
    wait_until(_is_all_over)
    assert list(find_problems()) == []
    _check_what_families_were_promised(site)
    _check_what_came(site)


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_a_database_that_crashes_loses_no_promise_doubles_nothing_and_all_come_back_by_themselves(site: Site) -> None:
    assert site.cluster
    _queue_what_waits(site)
    with _web(site) as address, _families_that_book(site, address):
        site.start_workers(2)
        web = _web_processes(site.web)
        for _ in range(3):
            site.wait_for_mails(5)
            _wait_for_promises(site)
            _any_moment()
            site.cluster.crash_and_start()
        _wait_for_promises(site, number=2)
        assert _web_processes(site.web) == web
    wait_until(_is_all_over)
    assert len(site.workers) == 2
    assert all(worker.poll() is None for worker in site.workers)
    assert list(find_problems()) == []
    _check_what_families_were_promised(site)
    _check_what_came(site)


def _wait_for_promises(site: Site, *, number: int = 1) -> None:
    """Wait until so many more families have seen that they are booked."""
    enough = len(site.promised) + number
    wait_until(lambda: len(site.promised) >= enough)


def _any_moment() -> None:
    time.sleep(random.uniform(0, 0.3))


def _is_all_over() -> bool:
    return all(message.status not in UNFINISHED for message in outbox())


def _queue_what_waits(site: Site) -> None:
    """Invitations, half of them with a change after them, and reminders whose time is now."""
    event = an_event(capacity=None)
    for number in range(FAMILIES):
        booking = a_booking(event)
        if number % 2:
            change(booking, room=f"Room {number}")
    soon = an_event(starts_at=clock.london_time(clock.today() + timedelta(days=3), 10), capacity=None)
    for _ in range(REMINDED):
        booking = a_booking(soon, email=None, phone="01632 960111")
        with transaction():
            booking = db.session.get_one(Booking, booking.id)
            booking.email, booking.confirmed_at = f"reminded{booking.id}@example.net", clock.now() - timedelta(days=30)
    with transaction():
        assert queue_reminders(soon.id) == REMINDED
    site.slug = an_event(capacity=None).slug
    db.session.rollback()  # the test's own line to the database may be cut, too


@contextmanager
def _web(site: Site) -> Iterator[str]:
    """Serve the site from two web processes."""
    port = free_port()
    options = ("--workers", "2", "--bind", f"127.0.0.1:{port}", "--graceful-timeout", "2")
    gunicorn = site.start("gunicorn", *options, "wsgi:app")
    site.web = gunicorn.pid
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address))
        yield address
    finally:
        os.killpg(gunicorn.pid, signal.SIGTERM)
        try:
            gunicorn.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(gunicorn.pid, signal.SIGKILL)
            gunicorn.wait()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz/web", timeout=5).ok
    except requests.RequestException:
        return False


@contextmanager
def _families_that_book(site: Site, address: str) -> Iterator[None]:
    """Let families book one after the other. What breaks off promised nothing; the next family tries."""

    def book() -> None:
        number = 0
        while not site.ends.is_set():
            number += 1
            family = Family(LiveClient(address))  # type: ignore[arg-type]
            try:
                family.book(site.slug, email=f"web{number}@example.net").send()
                reference = re.search(
                    r"[Rr]eference[^A-Z0-9]{1,200}?([A-Z0-9]{2,5}(?:[ -][A-Z0-9]{2,5})*)", family.text
                )
                assert family.path.endswith("/done") or "/bookings/" in family.path, family.path
                assert reference
                site.promised.append(f"web{number}@example.net")
            except requests.RequestException:
                time.sleep(0.1)

    failures: list[BaseException] = []

    def run() -> None:
        try:
            book()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        site.ends.set()
        thread.join()
    assert failures == []


def _kill_a_web_process(parent: int) -> None:
    """Kill one of the two with kill -9 while a family books; its parent starts another."""
    os.kill(random.choice(_web_processes(parent)), signal.SIGKILL)


def _web_processes(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _check_what_families_were_promised(site: Site) -> None:
    """Whoever saw "booked" is booked, once; whoever is booked has one invitation."""
    bookings = db.session.scalars(select(Booking)).all()
    booked = Counter(booking.email for booking in bookings)
    assert len(site.promised) >= 3
    assert {booked[email] for email in site.promised} == {1}
    invitations = Counter(message.booking_id for message in outbox() if message.kind == MessageKind.CONFIRMED)
    with_mail = [booking.id for booking in bookings if not (booking.email or "").startswith("reminded")]
    assert invitations == dict.fromkeys(with_mail, 1)


def _check_what_came(site: Site) -> None:
    copies: dict[str, list[bytes]] = defaultdict(list)
    for raw, mail in zip(site.relay.raw, site.relay.mails, strict=True):
        copies[str(mail["Message-ID"])].append(raw)
    rows = {f"<{message.message_id}>": message for message in outbox()}
    assert set(copies) <= set(rows)
    for message_id, message in rows.items():
        came = copies.get(message_id, [])
        assert len(set(came)) <= 1, "a repeat is byte for byte the same"
        if message.kind in ONCE:
            assert message.status in (MessageStatus.SENT, MessageStatus.UNKNOWN), message.problem
            assert len(came) <= 1, "a reminder is never repeated"
            assert came or message.status == MessageStatus.UNKNOWN
        else:
            assert message.status == MessageStatus.SENT, message.problem
            assert came, "nothing is lost"
    assert sum(len(came) - 1 for came in copies.values()) <= site.kills
    assert sum(message.status == MessageStatus.UNKNOWN for message in rows.values()) <= site.kills
    _check_their_order(site, rows)


def _check_their_order(site: Site, rows: dict[str, Message]) -> None:
    """No older mail comes after a newer one of the same booking, not even a repeat."""
    latest: dict[int, int] = {}
    for mail in site.relay.mails:
        message = rows[str(mail["Message-ID"])]
        assert message.booking_id is not None
        assert latest.get(message.booking_id, 0) <= message.id
        latest[message.booking_id] = message.id


def wait_until(is_done: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
