"""Look for what should never be: counters that are not their rows, values that do not open, stuck messages."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

from sqlalchemy import Select, case, func, or_, select

from booking import clock
from booking.cipher import CannotOpen, open_sealed, token_digest
from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import Booking, Event, Message, Place, Slot
from booking.queries.counted_places import is_counted
from booking.queries.sealed_columns import place_of, sealed_columns, sealed_values
from booking.queries.snapshots import Spoiled, frozen_figures, frozen_returns, frozen_zip
from booking.rules.words import PARTICIPANTS, BookingMode, MessageStatus, Origin

STUCK_AFTER = timedelta(hours=1)
"""A message that is due waits seconds for a worker; one that has waited an hour says that none is running."""


def find_problems() -> Iterator[str]:
    """Give one plain sentence for each problem; the sentences hold nothing personal."""
    yield from _wrong_event_counters()
    yield from _wrong_slot_counters()
    yield from _links_that_do_not_match()
    yield from _values_that_do_not_open()
    yield from _spoiled_returns()
    yield from _stuck_messages()


def _wrong_event_counters() -> Iterator[str]:
    places = (
        select(func.count(Place.id))
        .join(Booking, Place.booking_id == Booking.id)
        .where(Booking.event_id == Event.id, is_counted(), Place.kind.in_(PARTICIPANTS))
        .scalar_subquery()
    )
    times = func.count(Booking.id) + func.count(Booking.second_slot_id)
    appointments = select(times).where(Booking.event_id == Event.id, is_counted()).scalar_subquery()
    rows = case((Event.booking_mode == BookingMode.SLOTS, appointments), else_=places)
    for name, counter, counted in db.session.execute(_differing(select(Event.slug, Event.places_taken, rows), rows)):
        yield f"Session {name}: {counter} places are counted as taken, and the bookings hold {counted}."


def _wrong_slot_counters() -> Iterator[str]:
    is_theirs = or_(Booking.slot_id == Slot.id, Booking.second_slot_id == Slot.id)
    rows = select(func.count(Booking.id)).where(is_theirs, is_counted()).scalar_subquery()
    statement = select(Slot.id, Slot.places_taken, rows).where(Slot.places_taken != rows).order_by(Slot.id)
    for number, counter, counted in db.session.execute(statement):
        yield f"Time {number}: {counter} appointments are counted as taken, and the bookings hold {counted}."


def _differing(statement: Select[str, int, int], rows: object) -> Select[str, int, int]:
    return statement.where(Event.places_taken != rows).order_by(Event.id)


def _links_that_do_not_match() -> Iterator[str]:
    """Imported history and walk-ins have no link; every other booking has the one of its id and version."""
    may_have_none = or_(Booking.import_id.is_not(None), Booking.origin == Origin.WALK_IN)
    statement = select(Booking.id, Booking.link_version, Booking.link_digest).where(
        ~(Booking.link_digest.is_(None) & may_have_none)
    )
    for number, version, digest in db.session.execute(statement.order_by(Booking.id)):
        if digest != token_digest(booking_token(Booking(id=number, link_version=version))):
            yield f"Booking {number}: its link does not match. Was LINK_KEY changed?"


def _values_that_do_not_open() -> Iterator[str]:
    for column in sealed_columns():
        place = place_of(column)
        unreadable = [row for row, value in sealed_values(column) if not _opens(value, place)]
        if unreadable:
            yield f"{place}: {len(unreadable)} values do not open, the first in row {unreadable[0]}. Is a key missing?"


def _opens(value: str, place: str) -> bool:
    try:
        open_sealed(value, place=place)
    except (CannotOpen, binascii.Error):
        return False
    return True


def _spoiled_returns() -> Iterator[str]:
    """Give what opens and is not what it was: what does not open at all is told already."""
    for snapshot in frozen_returns():
        kept: list[tuple[str, Callable[[], bytes]]] = [("figures", partial(frozen_figures, snapshot))]
        kept += [(bundle.name, partial(frozen_zip, bundle)) for bundle in snapshot.bundles]
        for name, read in kept:
            with suppress(CannotOpen, binascii.Error):
                if _is_spoiled(read):
                    yield f"Return {snapshot.period} version {snapshot.version}, {name}: it is not what was frozen."


def _is_spoiled(read: Callable[[], bytes]) -> bool:
    try:
        read()
    except Spoiled:
        return True
    return False


def _stuck_messages() -> Iterator[str]:
    late = clock.now() - STUCK_AFTER
    is_stuck = or_(
        (Message.status == MessageStatus.QUEUED) & (Message.next_attempt_at < late),
        (Message.status == MessageStatus.SENDING) & (Message.lease_until < late),
    )
    number = db.session.scalar(select(func.count(Message.id)).where(is_stuck))
    if number:
        yield f"{number} messages have waited for more than an hour. Is the worker running?"
