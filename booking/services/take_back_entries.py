"""Take entries out of families' calendars when a session that was put off has no new date for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, EventStatus
from booking.services.locks import lock_event
from booking.services.notify import tell_no_date_yet

NO_DATE_FOR = timedelta(days=14)


def put_off_too_long() -> Sequence[int]:
    """Return the sessions whose entries still stand in calendars, two weeks after they were put off."""
    statement = (
        select(Event.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(True),
            Event.postponed_at <= clock.now() - NO_DATE_FOR,
            Event.id.in_(_with_entries().with_only_columns(Booking.event_id)),
        )
        .order_by(Event.id)
    )
    return db.session.scalars(statement).all()


def take_back_entries(event_id: int) -> int:
    """Take back the entries of one session, and say so; return how many. A second run finds none. Places stay."""
    lock_event(event_id)
    if event_id not in put_off_too_long():
        return 0
    bookings = db.session.scalars(
        _with_entries()
        .where(Booking.event_id == event_id)
        .order_by(Booking.id)
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    ).all()
    return sum(tell_no_date_yet(booking) is not None for booking in bookings)


def _with_entries() -> Select[Booking]:
    return select(Booking).where(
        Booking.status == BookingStatus.CONFIRMED, Booking.extends_id.is_(None), Booking.ical_address.is_not(None)
    )
