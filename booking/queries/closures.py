"""Which sessions a closure touches (snow, a strike, a closed building), and how many families each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event, NeedRequest, Venue
from booking.queries.districts import is_in
from booking.queries.extensions import is_a_family
from booking.queries.move_impact import OVER
from booking.rules.words import HOLDS_PLACES, LIVE, Delivery, EventStatus


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A session that a closure touches. The numbers are families; `to_ring` have no e-mail."""

    event: Event
    booked: int
    waiting: int
    with_needs: int
    to_ring: int


def sessions_touched(starts_at: datetime, ends_at: datetime, *, districts: Collection[str] = ()) -> list[Touched]:
    """Return the sessions with people in a room between two moments, in these districts or in all, by their start.

    Online sessions are left out: nobody travels to them. So is what is over, cancelled or put off already.
    """
    statement = _takes_place().where(Event.starts_at >= starts_at, Event.starts_at < ends_at)
    if districts:
        statement = statement.where(or_(*(is_in(Venue.district, each) for each in districts)))
    return _counted(db.session.scalars(statement).all())


def sessions_named(numbers: Collection[int]) -> Sequence[Event]:
    """Return the sessions with these ids, by their start, whatever has become of them."""
    statement = select(Event).where(Event.id.in_(numbers)).options(joinedload(Event.venue))
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id)).all()


def _takes_place() -> Select[Event]:
    return (
        select(Event)
        .join(Event.venue)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.delivery != Delivery.ONLINE,
            Event.starts_at > clock.now(),
        )
        .options(joinedload(Event.venue))
        .order_by(Event.starts_at, Event.id)
    )


def _counted(events: Sequence[Event]) -> list[Touched]:
    """Count the families of all of them in one query."""
    holds = Booking.status.in_(HOLDS_PLACES)
    asked = exists().where(NeedRequest.booking_id == Booking.id, NeedRequest.state.not_in(OVER))
    rows = db.session.execute(
        select(
            Booking.event_id,
            _number(holds).label("booked"),
            _number(~holds).label("waiting"),
            _number(holds & asked).label("with_needs"),
            _number(Booking.email.is_(None)).label("to_ring"),
        )
        .where(Booking.event_id.in_([event.id for event in events]), Booking.status.in_(LIVE), is_a_family())
        .group_by(Booking.event_id)
    )
    found = {row.event_id: row for row in rows}
    return [
        Touched(
            event=event,
            booked=found[event.id].booked if event.id in found else 0,
            waiting=found[event.id].waiting if event.id in found else 0,
            with_needs=found[event.id].with_needs if event.id in found else 0,
            to_ring=found[event.id].to_ring if event.id in found else 0,
        )
        for event in events
    ]


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
