"""The day sheet of one session: what to do for whom, by initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, NeedRequest, Place
from booking.rules.day_sheet import action_for, tell_apart
from booking.rules.need_states import OPEN
from booking.rules.words import HOLDS_PLACES, NeedState, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One thing to do. `detail` is what the family wrote, `is_open` that nobody has arranged it yet,
    `family` whether it was there as the family says.
    """

    need_id: int
    action: str
    label: str
    detail: str
    supplier: str
    is_open: bool
    is_off: bool
    state: NeedState
    family: NeedState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPerson:
    """One family by initials, when it is expected, and what to do for it."""

    initials: str
    expected_at: datetime
    lines: tuple[DayLine, ...]


def day_sheet(event_id: int, *, locality: Locality) -> list[DayPerson]:
    """Return the families who asked for something and have a place, in the order they are expected."""
    bookings = [booking for booking in _bookings(event_id) if _shown(booking)]
    names = {booking.id: [place.adult.name or "" for place in booking.places if place.adult] for booking in bookings}
    initials = tell_apart(names, {booking.id: booking.reference for booking in bookings})
    people = [
        DayPerson(
            initials=initials[booking.id],
            expected_at=booking.starts_at,
            lines=tuple(_line(need, initials[booking.id], locality) for need in _shown(booking)),
        )
        for booking in bookings
    ]
    return sorted(people, key=lambda person: (person.expected_at, person.initials))


def _bookings(event_id: int) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.event_id == event_id,
            Booking.status.in_(HOLDS_PLACES),
            Booking.extends_id.is_(None),
            Booking.origin != Origin.WALK_IN,
        )
        .options(
            selectinload(Booking.needs).joinedload(NeedRequest.supplier),
            selectinload(Booking.places).joinedload(Place.adult),
            joinedload(Booking.slot),
            joinedload(Booking.event),
        )
        .order_by(Booking.id)
    ).all()


def _shown(booking: Booking) -> list[NeedRequest]:
    return [need for need in booking.needs if need.state != NeedState.NO_LONGER_NEEDED]


def _line(need: NeedRequest, who: str, locality: Locality) -> DayLine:
    return DayLine(
        need_id=need.id,
        action=action_for(locality.need_actions.get(need.code, "See to {who}"), who, need.for_whom),
        label=locality.get_need(need.code).label,
        detail=need.detail or "",
        supplier=need.supplier.name if need.supplier else "",
        is_open=need.state in OPEN,
        is_off=need.state == NeedState.CANNOT_MEET,
        state=need.state,
        family=need.family_outcome,
    )
