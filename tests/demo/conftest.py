"""The demonstration, made once for each database and read by all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from booking.extensions import db, transaction
from booking.queries.installation import our_locality, own_domain
from booking.services.make_demo import make_demo
from tests.conftest import SUMMER


@pytest.fixture(scope="module")
def demonstration(app_on_database: Flask) -> Iterator[Flask]:
    """The app with the demonstration of a summer's day in it."""
    with app_on_database.app_context():
        with time_machine.travel(SUMMER, tick=True), transaction():
            make_demo(locality=our_locality(), domain=own_domain())
        yield app_on_database
        db.session.rollback()
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture
def in_demo(demonstration: Flask) -> Iterator[Flask]:
    """The demonstration, on a fresh session for each test."""
    db.session.rollback()
    db.session.expire_all()
    yield demonstration
    db.session.rollback()
