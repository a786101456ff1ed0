"""What every test can ask for: an app on each database, a browserless client, a clock in summer time."""

from __future__ import annotations

import base64
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Table, TextClause, event, text
from werkzeug.test import TestResponse

from booking import create_app
from booking.extensions import db
from booking.web.shared.languages import Site
from config import Config
from tests.limits import forget_tries
from tests.postgres import postgres_url

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(b"a key for tests only, 32 bytes!!").decode()
STDERR = pytest.StashKey[int]()
"""The real standard error: while a test runs, pytest keeps what is written to the usual one to itself."""
COMPILED_TEMPLATES = "COMPILED_TEMPLATES_OF_THIS_RUN"
SUMMER = "2026-06-16 09:00:00+00:00"
"""A Tuesday, 10am by London's clock: whatever forgets summer time is an hour off and shows."""

ENVIRONMENT = {
    "SECRET_KEY": "a secret for tests only",
    "LINK_KEY": KEY,
    "LOOKUP_KEY": KEY,
    "DATA_KEYS": f"1:{KEY}",
    "PUBLIC_URL": "http://localhost",
    "MAIL_SENDER": "bookings@pact.example.org",
    "MAIL_PORT": "1",
    "FIGURES_KEPT_MINUTES": "0",
}


def pytest_configure(config: pytest.Config) -> None:
    config.stash[STDERR] = os.dup(2)
    _compile_templates_once(config)
    config.addinivalue_line("markers", "long: begins first, so that no worker waits for it when all others are done")
    config.addinivalue_line("markers", "real_clock: the clock is not set to summer")
    config.addinivalue_line(
        "markers", "one_database(name): one is enough here; SQLite, unless the stricter one is named"
    )


def _compile_templates_once(config: pytest.Config) -> None:
    """Let every app of a run, in all its workers, share the templates' compiled code: they are hundreds."""
    if COMPILED_TEMPLATES not in os.environ:  # the first process of the run; its workers are told
        folder = os.environ[COMPILED_TEMPLATES] = tempfile.mkdtemp(prefix="booking-templates-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        config.add_cleanup(lambda: os.environ.pop(COMPILED_TEMPLATES, None))
    cache = FileSystemBytecodeCache(os.environ[COMPILED_TEMPLATES])
    Site.jinja_options = {**Site.jinja_options, "bytecode_cache": cache}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the twin on the other database of tests that say one is enough; let long ones begin first."""
    items[:] = [item for item in items if not _is_second(item)]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _is_second(item: pytest.Item) -> bool:
    mark, call = item.get_closest_marker("one_database"), getattr(item, "callspec", None)
    if mark is None or call is None or "database_url" not in call.params:
        return False
    return bool(call.params["database_url"] != (mark.args[0] if mark.args else "sqlite"))


def pytest_collection_finish() -> None:
    """Look for rubbish less often, and never among thousands of tests: it took a sixth of the time of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
    else:
        with postgres_url() as url:
            yield url


def make_config(database_url: str, instance: Path, **settings: str) -> Config:
    """Settings for a test; any setting can be given."""
    import dataclasses

    config = Config.from_env(ENVIRONMENT | {"DATABASE_URL": database_url} | settings)
    return dataclasses.replace(config, instance_path=instance, jobs_url=f"sqlite:///{instance / 'jobs.db'}")


class ReadToTheEnd(FlaskClient):
    """A client that reads every answer whole, as browsers do: a download half read keeps its context open."""

    def open(self, *args: Any, buffered: bool = True, **values: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **values)


@pytest.fixture(scope="session")
def app_on_database(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app per database, migrated as in real life."""
    instance = tmp_path_factory.mktemp("instance")
    postcodes = ROOT / "instance" / "postcodes.sqlite"
    if postcodes.exists():
        (instance / "postcodes.sqlite").symlink_to(postcodes)
    app = create_app(make_config(database_url, instance))
    app.config["TESTING"] = True
    app.test_client_class = ReadToTheEnd
    save_work(app)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    gc.freeze()
    yield app
    with app.app_context():
        db.engine.dispose()


def save_work(app: Flask) -> None:
    """Do without what guards real life and tests no behaviour: slow hashes, and waiting for the disk."""
    security = app.extensions["security"]
    security.pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    security._totp_factory._totp.wallet.encrypt_cost = 1
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda line, _record: line.execute("PRAGMA synchronous=OFF").close())


@pytest.fixture
def app(app_on_database: Flask) -> Iterator[Flask]:
    """The app on an empty database. No context is pushed: requests make their own."""
    yield app_on_database
    empty(app_on_database)


def empty(app: Flask) -> None:
    """Let nothing be left of a test: no row, nothing kept, no tries counted."""
    app.extensions.pop("is_demonstration", None)
    app.extensions["fragments"].clear()
    with app.app_context():
        forget_tries()
        db.session.rollback()
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for table in _tables_with_rows(connection):
                with _taken_away(connection, table):
                    connection.execute(table.delete())


@contextmanager
def _taken_away(connection: Connection, table: Table) -> Iterator[None]:
    """Let rows be deleted that the database keeps in real life: frozen returns."""
    guard = f"{table.name}_is_kept"
    if table.name not in ("snapshot", "snapshot_bundle"):
        yield
    elif connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER {guard}"))
        yield
        connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER {guard}"))
    else:
        made_by = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :guard"), {"guard": guard})
        connection.execute(text(f"DROP TRIGGER {guard}"))
        yield
        connection.execute(text(made_by))


def _tables_with_rows(connection: Connection) -> list[Table]:
    """Return the tables that hold something, those that point at others first."""
    tables, question = _tables_and_question()
    return [tables[n] for n in sorted(connection.scalars(question))]


@cache
def _tables_and_question() -> tuple[list[Table], TextClause]:
    """All tables, and one statement that says which hold something: a question for each is a round trip for each."""
    tables = list(reversed(db.metadata.sorted_tables))
    asked = (f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {table.name})" for n, table in enumerate(tables))
    return tables, text(" UNION ALL ".join(asked))


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The app with its context pushed, for tests that call services and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browserless client."""
    return app.test_client()


@pytest.fixture(autouse=True)
def summer(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Set the clock to summer time; it goes on ticking."""
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    with time_machine.travel(SUMMER, tick=True) as traveller:
        yield traveller
