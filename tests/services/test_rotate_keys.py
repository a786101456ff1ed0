"""Keys are rotated in small batches, can be stopped and begun again, and lose nothing."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from booking import cipher
from booking.extensions import db, transaction
from booking.models import Adult, Booking
from booking.queries.families import families_with_contact
from booking.queries.sealed_columns import place_of, sealed_columns, sealed_values
from booking.rules.words import ConsentSubject
from booking.services import rotate_keys
from booking.services.ask_needs import Need
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.check_counters import find_problems
from booking.services.locks import lock_booking
from booking.services.rotate_keys import reseal_some
from config import Config
from tests.cast import a_booking, an_event
from tests.conftest import ENVIRONMENT
from tests.everything_told import WORDS, everything_told

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


def _opened() -> dict[str, list[str]]:
    """Return what every sealed column says, in order."""
    db.session.rollback()
    return {
        place_of(column): sorted(repr(value) for value in db.session.scalars(select(column)) if value is not None)
        for column in sealed_columns()
    }


class TestWithSomethingEverywhere:
    def test_there_is_a_value_in_every_sealed_column(self, in_app: Flask) -> None:
        everything_told()
        assert [place for place, values in _opened().items() if not values] == []

    def test_every_column_says_the_same_afterwards_and_needs_the_new_key_alone(self, app: Flask) -> None:
        cipher.use_keys(OLD)
        try:
            with app.app_context():
                everything_told()
                before = _opened()
                assert _keys_at_rest() == {"1"}
                cipher.use_keys(BOTH)
                done = app.test_cli_runner().invoke(args=["keys", "rotate"])
                assert done.exit_code == 0, done.output
                for place in before:
                    assert f"{place}: " in done.output
                assert _keys_at_rest() == {"2"}
                cipher.use_keys(NEW)
                assert _opened() == before
                assert families_with_contact(WORDS["email"]) == families_with_contact(WORDS["phone"]) != []
                assert list(find_problems()) == []
        finally:
            cipher.use_keys(OLD)


class TestWhileTheSiteRuns:
    """Eight threads book and change their words while everything is sealed anew, a few values at a time."""

    EACH, THREADS = 6, 8

    def test_nothing_booked_or_changed_meanwhile_is_lost(
        self, rotating: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotate_keys, "AT_ONCE", 2)
        old = {booking.id: booking.email for booking in db.session.query(Booking)}
        event = an_event(capacity=None)
        number = event.id
        db.session.remove()
        gate, faults = threading.Barrier(self.THREADS + 1), []

        def book(thread: int) -> None:
            with rotating.app_context():
                gate.wait()
                try:
                    for turn in range(self.EACH):
                        self._book_and_change(number, thread, turn, sorted(old))
                except Exception as error:
                    faults.append(error)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=book, args=(each,)) for each in range(self.THREADS)]
        for thread in threads:
            thread.start()
        gate.wait()
        rounds = 0
        while any(thread.is_alive() for thread in threads) or not rounds:
            done = rotating.test_cli_runner().invoke(args=["keys", "rotate"])
            assert done.exit_code == 0, done.output
            rounds += 1
        for thread in threads:
            thread.join()
        assert faults == []
        assert _keys_at_rest() == {"2"}
        cipher.use_keys(NEW)
        self._all_is_there(old)

    def _book_and_change(self, event_id: int, thread: int, turn: int, old: list[int]) -> None:
        """Book for a new family, and write another question onto a booking that the old key sealed."""
        name = f"{thread}{turn:02d}"
        with transaction():
            book_places(
                BookingRequest(
                    event_id=event_id,
                    email=f"during{name}@example.net",
                    phone=f"01632 960{name}",
                    adults=(Person(f"Adult {name}"),),
                    needs=(Need("bsl", f"detail {name}"),),
                    consents=(ConsentSubject.NEEDS,),
                )
            )
        with transaction():
            booking = lock_booking(old[thread % len(old)])
            booking.question = f"{booking.question or ''}{name} "

    def _all_is_there(self, old: dict[int, str | None]) -> None:
        db.session.rollback()
        names = [f"{thread}{turn:02d}" for thread in range(self.THREADS) for turn in range(self.EACH)]
        for name in names:
            [family] = families_with_contact(f"during{name}@example.net")
            assert families_with_contact(f"(01632) 960 {name}") == [family]
            booking = db.session.scalars(select(Booking).where(Booking.family_id == family)).one()
            assert (booking.email, booking.needs[0].detail) == (f"during{name}@example.net", f"detail {name}")
        said = " ".join(db.session.get_one(Booking, number).question or "" for number in old).split()
        assert sorted(said) == sorted(names), "each change is there, once"
        assert {number: db.session.get_one(Booking, number).email for number in old} == old
        assert list(find_problems()) == []
