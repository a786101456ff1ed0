"""Put back to "asked for" what a place no longer has, so that staff see it on the board."""

from __future__ import annotations

from collections.abc import Iterable

from booking import clock
from booking.extensions import db
from booking.models import Booking
from booking.queries.broken_needs import Facts, broken_needs
from booking.queries.installation import our_locality
from booking.rules.words import NeedState
from booking.services.change_need_state import start_again


def put_back_broken(bookings: Iterable[Booking], *, was: Facts | None, now: Facts) -> int:
    """Put back what breaks for these locked bookings, and return how many requests that are."""
    broken = list(broken_needs(bookings, was=was, now=now, today=clock.today(), locality=our_locality()))
    for each in broken:
        start_again(each.need, NeedState.REQUESTED)
        each.need.broken_at = clock.now()
    db.session.flush()
    return len(broken)
