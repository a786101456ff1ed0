"""A session begins when it begins, whatever time zone the database speaks in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from booking import clock
from booking.extensions import db
from booking.queries.find_sessions import Wanted, find_sessions
from tests.cast import an_event


def test_the_search_reads_the_same_moment_in_every_zone(in_app: Flask) -> None:
    event = an_event()
    starts_at, ends_at = event.starts_at, event.ends_at
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL TIME ZONE 'Europe/London'"))
    for limit in (None, 10):
        (found,) = find_sessions(Wanted(), now=clock.now(), limit=limit)
        assert (found.starts_at, found.ends_at) == (starts_at, ends_at)
