"""Read one family's booking, and how a session stands for those who want to book it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.cipher import token_digest
from booking.extensions import db
from booking.models import Booking, BookingChange, Event, Place, Slot, Venue
from booking.queries.districts import codes_of
from booking.rules import places as rule
from booking.rules.words import BookingMode, BookingStatus, ChangeKind, EventStatus


@dataclass(frozen=True)
class Room:
    """How full a session is: `left` None means no limit; while anyone waits, newcomers join the list."""

    left: int | None
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.waiting > 0 or self.left == 0


def find_booking_by_token(token: str) -> Booking | None:
    """Find the booking of a link, with all that the family's own page shows."""
    return db.session.scalars(
        select(Booking)
        .where(Booking.link_digest == token_digest(token))
        .options(
            joinedload(Booking.event).joinedload(Event.venue),
            joinedload(Booking.slot),
            selectinload(Booking.places).joinedload(Place.adult),
            selectinload(Booking.needs),
        )
    ).one_or_none()


def find_booking_by_draft(draft_id: int) -> Booking | None:
    """Find the booking that a draft became."""
    return db.session.scalars(select(Booking).where(Booking.draft_id == draft_id)).one_or_none()


def find_session(slug: str) -> Event | None:
    """Find a session that parents may know of, with its place and its times."""
    return db.session.scalars(
        select(Event)
        .where(Event.slug == slug, Event.status != EventStatus.DRAFT)
        .options(joinedload(Event.venue), selectinload(Event.slots))
    ).one_or_none()


def other_sessions(event: Event, *, limit: int = 3) -> list[Event]:
    """Return the next sessions that can be booked instead, of the same kind first, and of these the nearest by."""
    here = event.venue.district if event.venue else ""
    rows = db.session.scalars(
        select(Event)
        .outerjoin(Venue, Venue.id == Event.venue_id)
        .where(
            Event.id != event.id,
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.starts_at > clock.now(),
        )
        .order_by(
            Event.kind != event.kind,
            func.coalesce(Venue.district, "").not_in(codes_of(here)),
            Event.starts_at,
            Event.id,
        )
        .limit(limit)
        .options(joinedload(Event.venue))
    )
    return list(rows)


def room_in(event: Event, *, role: str | None = None) -> Room:
    """Return how many places are left in a session and how many families wait.

    Where times are booked each professional has a waiting list, so it is counted only for a `role`.
    """
    left = rule.places_left(event.capacity, event.places_taken)
    if event.booking_mode != BookingMode.SLOTS:
        return Room(left=left, waiting=_waiting(event))
    free = sum(slot.capacity - slot.places_taken for slot in event.slots if role in (None, slot.role))
    return Room(
        left=free if left is None else min(free, left), waiting=0 if role is None else _waiting(event, role=role)
    )


def roles_waited_for(event: Event) -> frozenset[str]:
    """Return the professionals for whose times somebody waits."""
    statement = (
        select(Slot.role)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.event_id == event.id, Booking.status == BookingStatus.WAITING)
        .distinct()
    )
    return frozenset(db.session.scalars(statement))


def waiting_position(booking: Booking) -> int | None:
    """Return a family's position on the waiting list, 1 for the first; None if it does not wait."""
    if booking.status != BookingStatus.WAITING:
        return None
    before = or_(
        Booking.queued_at < booking.queued_at,
        and_(Booking.queued_at == booking.queued_at, Booking.id < booking.id),
    )
    statement = select(func.count(Booking.id)).where(
        Booking.event_id == booking.event_id, Booking.status == BookingStatus.WAITING, before
    )
    if booking.slot is not None:
        statement = statement.join(Slot, Booking.slot_id == Slot.id).where(Slot.role == booking.slot.role)
    return (db.session.scalar(statement) or 0) + 1


def has_moved(booking: Booking) -> bool:
    """Return whether the session was moved after it was booked."""
    statement = select(BookingChange.id).where(
        BookingChange.booking_id == booking.id, BookingChange.kind == ChangeKind.SESSION_MOVED
    )
    return db.session.scalar(statement.limit(1)) is not None


def _waiting(event: Event, *, role: str | None = None) -> int:
    statement = select(func.count(Booking.id)).where(
        Booking.event_id == event.id, Booking.status == BookingStatus.WAITING
    )
    if role is not None:
        statement = statement.join(Slot, Booking.slot_id == Slot.id).where(Slot.role == role)
    return db.session.scalar(statement) or 0
