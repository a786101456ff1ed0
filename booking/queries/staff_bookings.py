"""The bookings of a session with all that staff need to get ready; names and contact are opened in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Message, NeedRequest, Place
from booking.queries.extensions import may_come
from booking.queries.venues import known_facts
from booking.rules.access_needs import NeedAnswer, match_need
from booking.rules.need_states import OPEN, steps_from
from booking.rules.words import (
    HOLDS_PLACES,
    LIVE,
    BookingStatus,
    ForWhom,
    NeedState,
    Origin,
)

OPEN_STATES = OPEN
_ASK_MORE = (NeedState.CONFIRMED_TO_FAMILY, NeedState.CANNOT_MEET)
"""These steps ask more than a list has room for."""


@dataclass(frozen=True)
class BookedNeed:
    """One request in action words, with what the place offers for it."""

    id: int
    booking_id: int
    reference: str
    who: str
    label: str
    detail: str
    for_whom: ForWhom | None
    state: NeedState
    due_on: date | None
    lead_ok: bool
    answer: NeedAnswer | None
    is_late: bool
    steps: tuple[NeedState, ...]


def bookings_of(event_id: int) -> list[Booking]:
    """Return the bookings but walk-ins: who has a place first, then who waits, in order, then the cancelled ones."""
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event_id, Booking.origin != Origin.WALK_IN, may_come())
        .options(
            selectinload(Booking.places).joinedload(Place.adult),
            selectinload(Booking.needs),
            joinedload(Booking.slot),
        )
    ).all()
    return sorted(bookings, key=_order)


def is_booking(booking_id: int) -> bool:
    """Return whether there is such a booking."""
    return db.session.scalar(select(Booking.id).where(Booking.id == booking_id)) is not None


def names_of(booking: Booking) -> str:
    """Return the names of the adults, or a dash where nobody gave one."""
    names = [place.adult.name for place in booking.places if place.adult and place.adult.name]
    return ", ".join(names) or "No name given"


def needs_of(bookings: Sequence[Booking], event: Event, *, locality: Locality) -> list[BookedNeed]:
    """Return what the live bookings asked for, the earliest due first."""
    facts, today = known_facts(event.venue), clock.today()
    rows = []
    for booking in bookings:
        if booking.status not in LIVE:
            continue
        for need in booking.needs:
            kind = locality.get_need(need.code)
            match = match_need(kind, facts, today=today) if event.venue else None
            rows.append(_as_need(booking, need, kind.label, match.answer if match else None))
    return sorted(rows, key=lambda row: (row.state not in OPEN_STATES, str(row.due_on), row.id))


def _as_need(booking: Booking, need: NeedRequest, label: str, answer: NeedAnswer | None) -> BookedNeed:
    is_open = need.state in OPEN_STATES
    return BookedNeed(
        id=need.id,
        booking_id=booking.id,
        reference=booking.reference,
        who=names_of(booking),
        label=label,
        detail=need.detail or "",
        for_whom=need.for_whom,
        state=need.state,
        due_on=need.due_on,
        lead_ok=need.lead_ok,
        answer=answer,
        is_late=is_open and need.due_on is not None and need.due_on < clock.today(),
        steps=tuple(
            state for state in steps_from(need.state, has_begun=_has_begun(booking.event)) if state not in _ASK_MORE
        ),
    )


def _has_begun(event: Event) -> bool:
    return event.starts_at <= clock.now() and not event.new_date_pending


def messages_of(event_id: int) -> Sequence[Message]:
    """Return the messages about a session, latest first."""
    return db.session.scalars(
        select(Message)
        .join(Message.booking)
        .where(Booking.event_id == event_id)
        .options(joinedload(Message.booking))
        .order_by(Message.id.desc())
        .limit(200)
    ).all()


def _order(booking: Booking) -> tuple[int, datetime, int]:
    if booking.status in HOLDS_PLACES:
        return (0, booking.created_at, booking.id)
    if booking.status == BookingStatus.WAITING:
        return (1, booking.queued_at or booking.created_at, booking.id)
    return (2, booking.created_at, booking.id)
