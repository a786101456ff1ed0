"""huey, built from JOBS_URL: a tick every minute, and a wake-up when a message was written or a file was given."""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from booking import clock
from booking.extensions import db
from booking.jobs.bring_in import bring_in_files
from booking.jobs.deliver import deliver_messages
from booking.jobs.file_work import FileWork
from booking.jobs.progress import MARK, Progress, from_note, to_note
from booking.jobs.tick import tick
from booking.models import Message

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger(__name__)
QUEUED = "messages were queued"
TICKED = "when the last tick ended"
SECONDS_TO_CONNECT = 5
"""A booking must not wait for the jobs' database: the next tick finds its message all the same."""
SECONDS_BETWEEN_TRIES = 5


class Engine:
    """The background engine of one app. It is built when first needed: a page that queues nothing never opens it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._wake: Any = None
        self._bring: Any = None
        self._is_stopping: Any = None
        self._files: FileWork | None = None

    def wake(self) -> None:
        """Ask a worker to look at the outbox now. If that fails, the next tick finds the message all the same."""
        for is_last in (False, True):
            try:
                if self._built().pending_count() == 0:
                    self._wake()
                return
            except _what_may_fail() as error:  # a line that was kept since before a restart fails once
                if is_last:
                    log.warning("the worker could not be woken, the next tick will do: %s", type(error).__name__)

    def run(self) -> None:
        """Work in the foreground until SIGTERM or Ctrl-C, then end what is begun and return."""
        consumer = self._when_there().create_consumer(
            workers=1, worker_type="thread", max_delay=1.0, graceful_signal="TERM", shutdown_timeout=12
        )
        self._is_stopping = consumer.stop_flag.is_set
        self._files = FileWork(self._app, is_stopping=self._stopping)
        self.wake()
        with self._files:
            consumer.run()

    def note_tick(self) -> None:
        """Note for all processes that a tick has ended now."""
        self._built().storage.put_data(TICKED, str(int(clock.now().timestamp())).encode())

    def seconds_since_tick(self) -> int | None:
        """Return how long ago any worker's last tick ended; None if there never was one, or nobody can tell."""
        try:
            noted = self._built().storage.peek_data(TICKED)
        except _what_may_fail() as error:
            log.warning("the jobs' database does not answer: %s", type(error).__name__)
            return None
        return max(0, int(clock.now().timestamp()) - int(noted)) if isinstance(noted, bytes) else None

    def wake_for_file(self) -> None:
        """Ask a worker to look at the files that were given. If that fails, the next tick finds them all the same."""
        try:
            self._built()
            self._bring()
        except _what_may_fail() as error:
            log.warning("the worker could not be woken, the next tick will do: %s", type(error).__name__)

    def tell_progress(self, thing: str, *, what: str, done: int, total: int) -> None:
        """Note for all processes how far something is: numbers alone. If that fails, its page does not know it."""
        try:
            self._built().storage.put_data(MARK + thing, to_note(what, done, total))
        except _what_may_fail() as error:
            log.warning("how far something is could not be noted: %s", type(error).__name__)

    def progress_of(self, thing: str) -> Progress | None:
        """Return how far something is; None when nothing is known of it (yet, or any more)."""
        try:
            noted = self._built().storage.peek_data(MARK + thing)
        except _what_may_fail() as error:
            log.warning("the jobs' database does not answer: %s", type(error).__name__)
            return None
        return from_note(noted) if isinstance(noted, bytes) else None

    def forget_progress(self, thing: str) -> None:
        """Take that note away."""
        try:
            self._built().storage.pop_data(MARK + thing)
        except _what_may_fail() as error:
            log.warning("how far something was could not be taken away: %s", type(error).__name__)

    def forget_old_progress(self, before: datetime) -> int:
        """Take away what was noted before a moment, of whatever was never taken away; return how many notes."""
        try:
            storage = self._built().storage
            notes = {name: note for name, note in storage.result_items().items() if name.startswith(MARK)}
            old = [name for name, note in notes.items() if from_note(note).noted_at < before]
            for name in old:
                storage.pop_data(name)
        except _what_may_fail() as error:
            log.warning("how far things were could not be taken away: %s", type(error).__name__)
            return 0
        return len(old)

    def _when_there(self) -> Huey:
        """Return the engine once its database answers: a worker may start before it."""
        while True:
            try:
                return self._built()
            except _what_may_fail() as error:
                log.warning("the jobs' database does not answer yet: %s", type(error).__name__)
                time.sleep(SECONDS_BETWEEN_TRIES)

    def _built(self) -> Huey:
        from huey import crontab  # noqa: PLC0415 (a page that queues nothing need not load it)

        with self._lock:
            if self._huey is None:
                self._huey = _huey(self._app.extensions["config"].jobs_url, Path(self._app.instance_path))
                self._huey.periodic_task(crontab(minute="*"), name="tick")(self._tick)
                self._wake = self._huey.task(name="deliver")(self._deliver)
                self._bring = self._huey.task(name="bring_in")(self._bring_in)
            return self._huey

    def _tick(self) -> None:
        with self._app.app_context():
            tick(is_stopping=self._stopping, bring_in=self._files.wake if self._files else None)
        self.note_tick()

    def _deliver(self) -> None:
        with self._app.app_context():
            deliver_messages(is_stopping=self._stopping)

    def _bring_in(self) -> None:
        if self._files:
            self._files.wake()
            return
        with self._app.app_context():
            bring_in_files(is_stopping=self._stopping)

    def _stopping(self) -> bool:
        return bool(self._is_stopping and self._is_stopping())


def init_app(app: Flask) -> None:
    """Give the app its engine."""
    app.extensions["jobs"] = Engine(app)


def run_worker(app: Flask) -> None:
    """Run the app's worker in the foreground."""
    app.extensions["jobs"].run()


def _what_may_fail() -> tuple[type[Exception], ...]:
    """Return what huey's storage may raise; PostgreSQL's driver is loaded only where it is in use."""
    driver = sys.modules.get("psycopg")
    return (OSError, sqlite3.Error, driver.Error) if driver else (OSError, sqlite3.Error)


def _huey(url: str, folder: Path) -> Huey:
    """Return huey on the SQLite file or the PostgreSQL database of JOBS_URL; it keeps no results."""
    from huey import PostgresHuey, SqliteHuey  # noqa: PLC0415

    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return SqliteHuey("booking", results=False, filename=str(folder / (parts.database or "jobs.db")))
    dsn = parts.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("booking", results=False, dsn=dsn, connect_timeout=SECONDS_TO_CONNECT)


@event.listens_for(db.session, "after_flush")
def _note_messages(session: Session, _context: object) -> None:
    if any(isinstance(row, Message) for row in session.new):
        session.info[QUEUED] = True


@event.listens_for(db.session, "after_commit")
def _wake_if_queued(session: Session) -> None:
    """Wake a worker once what a deed wrote into the outbox is committed."""
    if session.info.pop(QUEUED, False):
        current_app.extensions["jobs"].wake()


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(QUEUED, None)
