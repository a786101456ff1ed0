"""A booking never waits for mail: while the relay says nothing, pages answer as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from booking.extensions import db
from booking.jobs import deliver_messages
from booking.models import Booking
from tests.cast import a_booking, an_event
from tests.mail.deeds import statuses
from tests.mail.moody_relay import HANG, MoodyRelay, moody
from tests.mail.relay import point_at
from tests.public.family import Family

PATIENCE = 60


@pytest.fixture
def relay(in_app: Flask) -> Iterator[MoodyRelay]:
    """A relay that says nothing at some step until told to go on."""
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with moody(MoodyRelay()) as relay:
        point_at(in_app, relay)  # type: ignore[arg-type]
        yield relay
    vars(state).update(before)


@pytest.mark.parametrize("step", ["connect", "MAIL", "DATA", "content"])
def test_a_family_books_while_the_relay_holds_the_line(in_app: Flask, relay: MoodyRelay, step: str) -> None:
    relay.next[step].append(HANG)
    event = an_event()
    a_booking(event)
    slug = event.slug
    db.session.remove()
    worker = threading.Thread(target=_deliver, args=(in_app,))
    worker.start()
    try:
        assert relay.is_hanging.wait(PATIENCE)
        family = Family(in_app.test_client()).book(slug, email="second@example.net").send()
        assert family.status == 200
        assert family.path.startswith("/bookings/")
        assert worker.is_alive()
        assert not relay.go_on.is_set()
        assert (
            db.session.scalars(select(Booking.email).order_by(Booking.id.desc()).limit(1)).one() == "second@example.net"
        )
        assert statuses() == ["confirmed: sending", "confirmed: queued"]
    finally:
        relay.go_on.set()
        worker.join()


def _deliver(app: Flask) -> None:
    with app.app_context():
        deliver_messages()
