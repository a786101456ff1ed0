"""Offer free places along the waiting list, in joining order, to the first family that fits whole (J9)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Event, Slot
from booking.rules import places as rule
from booking.rules.waitlist import offer_ends_at
from booking.rules.words import BookingMode, BookingStatus, ChangeKind
from booking.services.find_time import give_time
from booking.services.join_up import has_joined_up, join_up
from booking.services.locks import lock_booking, lock_event
from booking.services.notify import tell_confirmed, tell_offer, tell_offer_lapsed
from booking.services.record_change import record_change
from booking.services.take_places import free_places, places_left, places_of, take_places


def move_waitlist(event: Event) -> None:
    """Offer places that may have become free just now. The session is locked.

    Families who passed earlier are asked again: this is another place.
    """
    db.session.flush()
    db.session.execute(
        update(Booking)
        .where(Booking.event_id == event.id, Booking.passed_at.is_not(None))
        .values(passed_at=None)
        .execution_options(synchronize_session="fetch")
    )
    offer_free_places(event)


def offer_free_places(event: Event) -> None:
    """Offer what is free to families who have not passed on it. The session is locked.

    In the last 24 hours nothing is offered: staff ring.
    """
    db.session.flush()
    if _is_closed(event) or offer_ends_at(clock.now(), starts_at=event.starts_at) is None:
        return
    for booking in _queue(event):
        if _find_place(booking, event):
            _offer(booking, event)


def accept_offer(booking_id: int, *, actor: str = "family") -> Booking:
    """Turn an offer into a place; twice does no harm. Raise Conflict when the offer has ended.

    More places for a family that has some go to the booking it has; that one is returned.
    """
    booking = lock_booking(booking_id)
    if booking.status == BookingStatus.CONFIRMED or has_joined_up(booking):
        return booking
    if booking.status == BookingStatus.CANCELLED:
        raise refusals.no_longer_booked()
    if booking.status != BookingStatus.OFFERED:
        raise refusals.offer_gone()
    if booking.extends_id is not None:
        record_change(booking, ChangeKind.ACCEPTED, actor=actor)
        return join_up(booking, actor=actor)
    booking.status = BookingStatus.CONFIRMED
    booking.confirmed_at = clock.now()
    booking.offer_ends_at = None
    record_change(booking, ChangeKind.ACCEPTED, actor=actor)
    tell_confirmed(booking)
    return booking


def pass_offer(booking_id: int, *, actor: str = "family") -> Booking:
    """Let an offer go to the next family and keep the position; twice does no harm."""
    booking = lock_booking(booking_id)
    if booking.status == BookingStatus.WAITING:
        return booking
    if booking.status != BookingStatus.OFFERED:
        raise refusals.offer_gone() if booking.status == BookingStatus.CONFIRMED else refusals.no_longer_booked()
    _take_back(booking, ChangeKind.DECLINED, actor=actor)
    offer_free_places(booking.event)
    return booking


def lapse_offers() -> int:
    """Take back every offer whose time is over and offer it to the next family; return how many lapsed."""
    lapsed = 0
    for event_id in _events_with_late_offers():
        event = lock_event(event_id)
        for booking in _late_offers(event):
            _take_back(booking, ChangeKind.EXPIRED, actor="system")
            tell_offer_lapsed(booking)
            lapsed += 1
        offer_free_places(event)
    return lapsed


def is_anyone_waiting(event: Event, *, role: str | None = None) -> bool:
    """Return whether a family waits for a place, or for a time with this professional."""
    statement = select(Booking.id).where(Booking.event_id == event.id, Booking.status == BookingStatus.WAITING)
    if role is not None:
        statement = statement.join(Slot, Booking.slot_id == Slot.id).where(Slot.role == role)
    return db.session.scalar(statement.limit(1)) is not None


def _queue(event: Event) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.event_id == event.id,
            Booking.status == BookingStatus.WAITING,
            Booking.passed_at.is_(None),
        )
        .order_by(Booking.queued_at, Booking.id)
        .options(selectinload(Booking.places))
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    ).all()


def _find_place(booking: Booking, event: Event) -> bool:
    """Tell whether the family fits whole; where times are booked, give it the first free one of the same role."""
    if event.booking_mode != BookingMode.SLOTS:
        return rule.fits(places_of(booking, event), places_left(event, None))
    return give_time(booking, event)


def _offer(booking: Booking, event: Event) -> None:
    booking.status = BookingStatus.OFFERED
    booking.offer_ends_at = offer_ends_at(clock.now(), starts_at=event.starts_at)
    take_places(booking, event)
    record_change(booking, ChangeKind.OFFERED, actor="system", places=len(booking.places))
    tell_offer(booking)


def _take_back(booking: Booking, kind: ChangeKind, *, actor: str) -> None:
    booking.status = BookingStatus.WAITING
    booking.offer_ends_at = None
    booking.passed_at = clock.now()
    free_places(booking, booking.event)
    record_change(booking, kind, actor=actor)


def _is_closed(event: Event) -> bool:
    return (
        rule.why_closed(
            status=event.status,
            mode=event.booking_mode,
            new_date_pending=event.new_date_pending,
            starts_at=event.starts_at,
            now=clock.now(),
        )
        is not None
    )


def _events_with_late_offers() -> Sequence[int]:
    return db.session.scalars(
        select(Booking.event_id)
        .where(Booking.status == BookingStatus.OFFERED, Booking.offer_ends_at <= clock.now())
        .distinct()
        .order_by(Booking.event_id)
    ).all()


def _late_offers(event: Event) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.event_id == event.id,
            Booking.status == BookingStatus.OFFERED,
            Booking.offer_ends_at <= clock.now(),
        )
        .order_by(Booking.queued_at, Booking.id)
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    ).all()
