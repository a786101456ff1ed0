"""What staff should arrange today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, NeedRequest
from booking.queries.staff_bookings import OPEN_STATES
from booking.rules.words import LIVE, EventStatus

NEEDS_AHEAD = timedelta(days=2)


@dataclass(frozen=True)
class NeedDue:
    """A request that should be arranged by now, or within two days."""

    event_id: int
    booking_id: int
    session: str
    reference: str
    label: str
    due_on: date | None
    is_late: bool


def needs_due(*, locality: Locality) -> list[NeedDue]:
    """Return the requests of coming sessions that are not arranged and due within two days, the latest first."""
    today, now = clock.today(), clock.now()
    needs = db.session.scalars(
        select(NeedRequest)
        .join(NeedRequest.booking)
        .join(Booking.event)
        .where(
            NeedRequest.state.in_(OPEN_STATES),
            NeedRequest.due_on <= today + NEEDS_AHEAD,
            Booking.status.in_(LIVE),
            Event.ends_at > now,
            Event.status == EventStatus.PUBLISHED,
        )
        .options(joinedload(NeedRequest.booking).joinedload(Booking.event))
        .order_by(NeedRequest.due_on, NeedRequest.id)
    ).all()
    return [
        NeedDue(
            event_id=need.booking.event_id,
            booking_id=need.booking_id,
            session=need.booking.event.title,
            reference=need.booking.reference,
            label=locality.get_need(need.code).label,
            due_on=need.due_on,
            is_late=need.due_on is not None and need.due_on < today,
        )
        for need in needs
    ]
