"""Keys are rotated in small batches, can be stopped and begun again, and lose nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from booking import cipher
from booking.extensions import db, transaction
from booking.models import Adult, Booking
from booking.queries.sealed_columns import place_of, sealed_columns, sealed_values
from booking.services import rotate_keys
from booking.services.rotate_keys import reseal_some
from config import Config
from tests.cast import a_booking, an_event
from tests.conftest import ENVIRONMENT

OLD = Config.from_env(ENVIRONMENT).keys
BOTH = dataclasses.replace(OLD, data={"2": b"the newest key, of 32 bytes too!"} | OLD.data)
NEW = dataclasses.replace(OLD, data={"2": BOTH.data["2"]})


@pytest.fixture
def rotating(app: Flask) -> Iterator[Flask]:
    """Five bookings sealed with the old key, in an installation that now has a newer one."""
    cipher.use_keys(OLD)
    with app.app_context():
        event = an_event(join_url="https://video.example.org/1")
        for _number in range(5):
            a_booking(event)
        cipher.use_keys(BOTH)
        yield app
        cipher.use_keys(OLD)


def _keys_at_rest() -> set[str]:
    return {value.partition(".")[0] for column in sealed_columns() for _row, value in sealed_values(column)}


def test_every_sealed_column_carries_its_own_name() -> None:
    assert len(sealed_columns()) >= 15
    for column in sealed_columns():
        assert place_of(column) == f"{column.table.name}.{column.name}"


def test_after_it_the_old_key_is_not_needed(rotating: Flask) -> None:
    mails = sorted(booking.email or "" for booking in db.session.query(Booking))
    db.session.rollback()
    done = rotating.test_cli_runner().invoke(args=["keys", "rotate"])
    assert done.exit_code == 0, done.output
    assert "booking.email: 5 values sealed anew." in done.output
    cipher.use_keys(NEW)
    assert _keys_at_rest() == {"2"}
    assert sorted(booking.email or "" for booking in db.session.query(Booking)) == mails
    assert db.session.query(Adult).count() == 5


def test_a_second_run_changes_nothing(rotating: Flask) -> None:
    runner = rotating.test_cli_runner()
    runner.invoke(args=["keys", "rotate"])
    before = [list(sealed_values(column)) for column in sealed_columns()]
    db.session.rollback()
    again = runner.invoke(args=["keys", "rotate"])
    assert again.exit_code == 0
    assert "sealed anew" not in again.output
    assert [list(sealed_values(column)) for column in sealed_columns()] == before


def test_it_can_be_stopped_and_begun_again(rotating: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate_keys, "AT_ONCE", 2)
    with transaction():
        first = reseal_some(Booking.__table__.c.email)
    assert (first.resealed, first.last_id is None) == (2, False)
    assert _keys_at_rest() == {"1", "2"}
    db.session.rollback()
    done = rotating.test_cli_runner().invoke(args=["keys", "rotate"])
    assert "booking.email: 3 values sealed anew." in done.output
    assert _keys_at_rest() == {"2"}


def test_a_value_that_opens_with_no_key_is_left_and_reported(rotating: Flask) -> None:
    with transaction():
        db.session.execute(text("UPDATE booking SET email = '9.abcd' WHERE id = (SELECT min(id) FROM booking)"))
    done = rotating.test_cli_runner().invoke(args=["keys", "rotate"])
    assert done.exit_code == 1
    assert "1 values open with none of the keys and were left as they are." in done.output
    assert "9" in _keys_at_rest()
