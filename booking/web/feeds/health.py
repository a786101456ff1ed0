"""Say whether the system can do its work, for whoever watches over it. Numbers alone: nothing about anybody."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from booking.extensions import db
from booking.queries.due_messages import seconds_overdue
from booking.queries.public_sessions import database_answers
from booking.web.feeds.blueprint import feeds

TOO_LONG = 15 * 60
"""Seconds. A message leaves within seconds and a tick comes every minute: after this, somebody should look."""


@feeds.get("/healthz")
def health() -> tuple[Response, int]:
    """Answer 200 while the database answers, messages leave and the worker ticks, else 503."""
    if not _database_is_there():
        return _answer(ok=False)
    overdue, since_tick = seconds_overdue(), current_app.extensions["jobs"].seconds_since_tick()
    ok = overdue <= TOO_LONG and (since_tick is None or since_tick <= TOO_LONG)
    return _answer(ok=ok, oldest_due_seconds=overdue, last_tick_seconds=since_tick)


@feeds.get("/healthz/web")
def web_health() -> tuple[Response, int]:
    """Answer 200 while pages can be shown, whatever becomes of messages: for proxies that choose a machine."""
    return _answer(ok=_database_is_there())


def _database_is_there() -> bool:
    try:
        return database_answers()
    except SQLAlchemyError:
        db.session.rollback()
        current_app.logger.exception("The database does not answer.")
        return False


def _answer(*, ok: bool, **numbers: Any) -> tuple[Response, int]:
    response = jsonify(ok=ok, **numbers)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if ok else 503
