"""The edge commits: `transaction()` on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import Venue


def add_venue(code: str) -> None:
    db.session.add(Venue(code=code, name="Hall", town="Ashford", outcode="TN23", district="ashford"))


class TestTransaction:
    def test_commits_at_the_end(self, in_app: Flask) -> None:
        with transaction():
            add_venue("A")
        db.session.remove()
        assert db.session.scalars(select(Venue.code)).all() == ["A"]

    def test_rolls_everything_back_when_something_raises(self, in_app: Flask) -> None:
        with pytest.raises(ZeroDivisionError), transaction():
            add_venue("A")
            _ = 1 / 0
        assert db.session.scalars(select(Venue.code)).all() == []

    def test_refuses_changes_made_outside(self, in_app: Flask) -> None:
        add_venue("A")
        with pytest.raises(RuntimeError, match="outside"), transaction():
            pass

    def test_a_reader_that_becomes_a_writer_never_fails_under_load(self, app: Flask) -> None:
        errors: list[Exception] = []

        def deed(number: int) -> None:
            with app.app_context():
                try:
                    db.session.scalars(select(Venue.code)).all()
                    with transaction():
                        add_venue(f"V{number}")
                except Exception as error:
                    errors.append(error)

        threads = [threading.Thread(target=deed, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with app.app_context():
            assert len(db.session.scalars(select(Venue.code)).all()) == 20


class TestAServerThatRestarts:
    def test_pages_after_a_rest_never_notice_it(self, in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("booking.extensions.RESTED", 0.0)
        with ThreadPoolExecutor(3) as several:
            list(several.map(lambda _: self.ask(in_app), range(3)))
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            self.end_all_lines(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
        with ThreadPoolExecutor(3) as several:
            assert list(several.map(lambda _: self.ask(in_app), range(3))) == [0, 0, 0]
        db.engine.dispose()  # what other tests use must have no line that was ended here

    @staticmethod
    def ask(app: Flask) -> int:
        with app.app_context():
            return len(db.session.scalars(select(Venue.code)).all())

    @staticmethod
    def end_all_lines(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and datname = current_database()"
            )
