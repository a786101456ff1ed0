"""The Flask extensions, and `transaction()`: the one place where anything is committed."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from booking.models import Base
from booking.rules import languages
from booking.rules.languages import PageLanguage
from booking.smtp import SafeMail

HOME = 64
"""How many bits of an IPv6 address belong to one home: whoever has one address there has them all."""


def visitor(address: str) -> str:
    """Return what an address counts as in the limits."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, HOME), strict=False).network_address)


def _this_visitor() -> str:
    return visitor(get_remote_address())


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False})
mail = SafeMail()
csrf = CSRFProtect()
security = Security()
limiter = Limiter(key_func=_this_visitor)
babel = Babel()


@contextmanager
def transaction() -> Iterator[None]:
    """Run one deed: commit at the end, or roll all of it back.

    What the request has read so far is let go first, so that the deed decides on fresh rows; on SQLite it
    takes the writer's lock at once, since a read upgraded to a write fails whatever the time-out says.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside transaction().")
    session.rollback()
    open_as_writer()
    try:
        yield
        session.flush()
        session.commit()
    except BaseException:
        session.rollback()
        raise


def open_as_writer() -> None:
    """Begin the session's transaction as one that writes (Flask-Security's own views need it too)."""
    db.session.connection(execution_options={"writes": True})


def let_go() -> None:
    """End what the request has read, so that slow work which needs the database no more holds none of it."""
    db.session.rollback()


RESTED = 1.0
"""Seconds after which a connection is asked whether it still stands. SQLAlchemy's own `pool_pre_ping` asks each time:
one answer in five that a page waits for."""


def prepare_engine(engine: Engine) -> None:
    """Make SQLite keep the promises PostgreSQL keeps: real transactions, foreign keys, patient writers.

    And let PostgreSQL restart: a connection that has rested is asked whether it still stands, before it is used.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_ask_after_rest, engine.dialect))


def init_migrations(app: Flask) -> None:
    """Bring `flask db`. Only commands need it, and importing Alembic would double the web process's start."""
    from flask_migrate import Migrate  # noqa: PLC0415

    Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"), render_as_batch=True)


LANGUAGES = {language.code: language for language in languages.LANGUAGES}
"""The languages that pages and messages are written in, by code."""

ASKED_IN = "booking.language"
"""Where the WSGI environment holds the language that an address begins with."""


def known_lang(code: str | None) -> str:
    """Return a language of ours from what somebody asked for, else the language of the page."""
    return code if code in LANGUAGES else current_lang()


def current_lang() -> str:
    """Return the code of the language of the page being made."""
    return request.environ.get(ASKED_IN, languages.DEFAULT) if has_request_context() else languages.DEFAULT


def language_of(code: str) -> PageLanguage:
    """Return a language by its code; English stands in for one that we do not write (any more)."""
    return LANGUAGES.get(code) or LANGUAGES[languages.DEFAULT]


def init_extensions(app: Flask) -> None:
    """Bind every extension but Flask-Security (its forms and datastore are the staff edge's) to the app."""
    db.init_app(app)
    mail.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=_locale)
    with app.app_context():
        prepare_engine(db.engine)


def locale_of(lang: str) -> str:
    """Return Babel's name for a language of ours."""
    return language_of(lang).locale


def _locale() -> str:
    return locale_of(current_lang())


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_after_rest(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Raise InvalidatePoolError, upon which the pool connects anew, if the server has gone meanwhile."""
    if time.monotonic() - record.info.get("used_at", -RESTED) < RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
