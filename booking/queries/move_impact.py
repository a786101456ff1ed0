"""Who is hurt if a session moves: read before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Venue
from booking.queries.broken_needs import Facts, broken_needs
from booking.queries.extensions import is_a_family
from booking.queries.staff_bookings import bookings_of, names_of
from booking.queries.venues import coming_at, known_facts
from booking.rules.access_needs import NeedAnswer
from booking.rules.words import HOLDS_PLACES, LIVE, BookingStatus, Delivery, EventStatus, NeedState

OVER = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)


@dataclass(frozen=True)
class Ring:
    """A family without an e-mail address."""

    who: str
    phone: str
    reference: str


@dataclass(frozen=True)
class Broken:
    """A request that the place now met and the new one does not, or is not known to."""

    who: str
    reference: str
    label: str
    answer: NeedAnswer


@dataclass(frozen=True)
class MoveImpact:
    """What a move does to those who booked. `asked` and `lost` count the families by what they asked for."""

    families: int
    adults: int
    waiting: int
    with_needs: int
    asked: tuple[tuple[str, int], ...]
    to_ring: tuple[Ring, ...]
    broken: tuple[Broken, ...]
    same_venue: tuple[Event, ...]
    booked_elsewhere: int

    @property
    def lost(self) -> tuple[tuple[str, int], ...]:
        """What the new place may not have, and how many families asked for it."""
        return _by_number(Counter(label for label, _ in {(each.label, each.reference) for each in self.broken}))


def impact_of_move(
    event: Event,
    *,
    starts_at: datetime,
    ends_at: datetime,
    delivery: Delivery,
    venue_id: int | None,
    locality: Locality,
) -> MoveImpact:
    """Return who would be told, who must be rung, whose needs the new place breaks and what else is on then."""
    bookings = [booking for booking in bookings_of(event.id) if booking.status != BookingStatus.CANCELLED]
    booked = [booking for booking in bookings if booking.status in HOLDS_PLACES]
    others = _others(event, starts_at, ends_at)
    return MoveImpact(
        families=len(booked),
        adults=sum(len(booking.places) for booking in booked),
        waiting=len(bookings) - len(booked),
        with_needs=sum(any(need.state not in OVER for need in booking.needs) for booking in booked),
        asked=_asked(booked, locality),
        to_ring=tuple(_ring(booking) for booking in bookings if not booking.email),
        broken=tuple(_broken(event, bookings, delivery, venue_id, locality)),
        same_venue=tuple(other for other in others if venue_id is not None and other.venue_id == venue_id),
        booked_elsewhere=_booked_elsewhere(event, others),
    )


def _asked(bookings: list[Booking], locality: Locality) -> tuple[tuple[str, int], ...]:
    codes = Counter(code for each in bookings for code in {need.code for need in each.needs if need.state not in OVER})
    return _by_number(Counter({locality.get_need(code).label: number for code, number in codes.items()}))


def _by_number(labels: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(labels.items(), key=lambda each: (-each[1], each[0])))


def families_at(event_ids: Collection[int]) -> int:
    """Count the families that have a place or wait at any of these sessions, each of them once."""
    statement = select(func.count(func.distinct(Booking.family_id))).where(
        Booking.event_id.in_(event_ids), Booking.status.in_(LIVE), is_a_family()
    )
    return db.session.scalar(statement) or 0


def _ring(booking: Booking) -> Ring:
    return Ring(names_of(booking), booking.phone or "", booking.reference)


def broken_at_venue(venue: Venue, *, now: Facts, locality: Locality) -> tuple[Broken, ...]:
    """Return what families asked for at coming sessions here and would lose if this were known of the place."""
    was, broken = known_facts(venue), []
    for event in db.session.scalars(coming_at(venue.id).order_by(Event.starts_at, Event.id)):
        live = [booking for booking in bookings_of(event.id) if booking.status in LIVE]
        broken += _as_broken(live, was=was, now=now, locality=locality)
    return tuple(broken)


def _broken(
    event: Event, bookings: list[Booking], delivery: Delivery, venue_id: int | None, locality: Locality
) -> list[Broken]:
    if delivery == Delivery.ONLINE or venue_id is None or venue_id == event.venue_id:
        return []
    statement = select(Venue).where(Venue.id == venue_id).options(selectinload(Venue.facts))
    was = known_facts(event.venue) if event.venue else None
    return _as_broken(bookings, was=was, now=known_facts(db.session.scalar(statement)), locality=locality)


def _as_broken(bookings: list[Booking], *, was: Facts | None, now: Facts, locality: Locality) -> list[Broken]:
    return [
        Broken(names_of(each.booking), each.booking.reference, each.kind.label, each.answer)
        for each in broken_needs(bookings, was=was, now=now, today=clock.today(), locality=locality)
    ]


def _others(event: Event, starts_at: datetime, ends_at: datetime) -> Sequence[Event]:
    """Return the other sessions at that time."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.id != event.id,
            Event.status != EventStatus.CANCELLED,
            Event.starts_at < ends_at,
            Event.ends_at > starts_at,
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def _booked_elsewhere(event: Event, others: Sequence[Event]) -> int:
    """Count the families of this session that have booked one of the others."""
    ours = select(Booking.family_id).where(Booking.event_id == event.id, Booking.status.in_(HOLDS_PLACES))
    statement = select(func.count(func.distinct(Booking.family_id))).where(
        Booking.event_id.in_([other.id for other in others]),
        Booking.status.in_(HOLDS_PLACES),
        Booking.family_id.in_(ours),
    )
    return db.session.scalar(statement) or 0
