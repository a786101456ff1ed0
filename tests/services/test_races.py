"""Many at once: real threads, real commits, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from flask import Flask
from sqlalchemy import func, select

from booking.errors import SessionFull
from booking.extensions import db, transaction
from booking.models import Booking, Event, Family
from booking.rules.words import BookingStatus, CancelledBy
from booking.services.book_places import BookingRequest, book_places
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, an_event


def at_once(app: Flask, deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Run every deed in a thread of its own, all let go together; return what each gave back or raised."""
    gate = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    results[number] = deed()
            except Exception as error:
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number, deed)) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def book(event_id: int, number: int, **values: object) -> Callable[[], object]:
    request = BookingRequest(event_id=event_id, email=f"p{number}@example.net", **values)  # type: ignore[arg-type]
    return lambda: book_places(request).id


class TestTheLastTenPlaces:
    def test_forty_families_ten_places_exactly_ten(self, app: Flask) -> None:
        with app.app_context():
            event_id = an_event(capacity=10).id
        results = at_once(app, [book(event_id, number) for number in range(40)])
        assert sum(isinstance(result, int) for result in results) == 10
        assert sum(isinstance(result, SessionFull) for result in results) == 30
        with app.app_context():
            assert db.session.get_one(Event, event_id).places_taken == 10
            assert db.session.scalar(select(func.count(Booking.id))) == 10

    def test_who_accepts_the_list_waits_in_order(self, app: Flask) -> None:
        with app.app_context():
            event_id = an_event(capacity=10).id
        at_once(app, [book(event_id, number, accept_waiting_list=True) for number in range(40)])
        with app.app_context():
            counts = dict(db.session.execute(select(Booking.status, func.count()).group_by(Booking.status)).all())
            assert counts == {BookingStatus.CONFIRMED: 10, BookingStatus.WAITING: 30}


class TestTheSameThingTwice:
    def test_one_draft_sent_by_ten_threads_is_one_booking(self, app: Flask) -> None:
        with app.app_context():
            event_id = an_event().id
        results = at_once(app, [book(event_id, 1, draft_id=99) for _ in range(10)])
        assert len(set(results)) == 1
        with app.app_context():
            assert db.session.get_one(Event, event_id).places_taken == 1

    def test_one_booking_cancelled_by_ten_threads_is_counted_once(self, app: Flask) -> None:
        with app.app_context():
            event = an_event()
            a_booking(event)
            event_id, booking_id = event.id, a_booking(event).id
        deeds = [lambda: cancel_booking(booking_id, by=CancelledBy.FAMILY).id for _ in range(10)]
        assert set(at_once(app, deeds)) == {booking_id}
        with app.app_context():
            assert db.session.get_one(Event, event_id).places_taken == 1

    def test_one_new_family_at_ten_sessions_is_one_family(self, app: Flask) -> None:
        with app.app_context():
            event_ids = [an_event().id for _ in range(10)]
        results = at_once(app, [book(event_id, 1) for event_id in event_ids])
        assert all(isinstance(result, int) for result in results)
        with app.app_context():
            assert db.session.scalar(select(func.count(Family.id))) == 1
