"""Whole bookings a second, against the leanest correct booking on the same database: lock, count, insert."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from statistics import median

from flask import Flask
from sqlalchemy import text

from booking.extensions import db, transaction
from booking.services.book_places import BookingRequest, Person, book_places
from tests.cast import an_event

SECONDS = 1.5
ROUNDS = 3
THREADS = 4
EVENTS = 8

_numbers = itertools.count(1)


def race_bookings(app: Flask) -> tuple[float, float]:
    """Measure both in turns; return whole bookings and the leanest bookings a second."""
    lanes = (_whole_booking(app), _leanest_booking(app))
    rounds = [[_per_second(book) for book in lanes] for _ in range(ROUNDS)]
    ours, leanest = (median(lane) for lane in zip(*rounds, strict=True))
    return ours, leanest


def _whole_booking(app: Flask) -> Callable[[int], None]:
    """Book places by the service: family, places, change, reference, link and message, in one transaction each."""
    with app.app_context():
        events = [an_event(capacity=100_000).id for _ in range(EVENTS)]

    def book(number: int) -> None:
        request = BookingRequest(
            event_id=events[number % EVENTS],
            adults=(Person(f"Adult {number}"),),
            email=f"bench{number}@example.org",
            outcode="TN23",
            district="ashford",
        )
        with app.app_context(), transaction():
            book_places(request)

    return book


def _leanest_booking(app: Flask) -> Callable[[int], None]:
    """Book places with what cannot be left out: the session's lock, a count and one row."""
    with app.app_context():
        engine = db.engine
        lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"
    statements = [
        "CREATE TABLE bench_event (id INTEGER PRIMARY KEY, capacity INTEGER NOT NULL)",
        "CREATE TABLE bench_booking (event_id INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL)",
        "CREATE INDEX ix_bench_booking ON bench_booking (event_id)",
        *(f"INSERT INTO bench_event VALUES ({number}, 100000)" for number in range(EVENTS)),
    ]
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))

    def book(number: int) -> None:
        values = {"event": number % EVENTS, "name": f"Adult {number}", "email": f"bench{number}@example.org"}
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            capacity = connection.scalar(text(f"SELECT capacity FROM bench_event WHERE id = :event{lock}"), values)
            taken = connection.scalar(text("SELECT count(*) FROM bench_booking WHERE event_id = :event"), values)
            assert taken < capacity
            connection.execute(text("INSERT INTO bench_booking VALUES (:event, :name, :email)"), values)

    return book


def _per_second(book: Callable[[int], None]) -> float:
    counts = [0] * THREADS
    problems: list[BaseException] = []
    ends = time.perf_counter() + SECONDS

    def go_on(me: int) -> None:
        try:
            while time.perf_counter() < ends:
                book(next(_numbers))
                counts[me] += 1
        except BaseException as problem:  # told to the main thread, which raises it
            problems.append(problem)

    threads = [threading.Thread(target=go_on, args=(me,)) for me in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return sum(counts) / (time.perf_counter() - began)
