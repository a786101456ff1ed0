"""Read the bookings that stand in the calendar of their own that a family follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.cipher import lookup_hash, token_digest
from booking.extensions import db
from booking.models import Booking, BookingChange, Event, Family
from booking.queries.extensions import is_a_family
from booking.queries.public_sessions import KEEP
from booking.rules.contact import normal_email
from booking.rules.words import BookingStatus

SHOWN = (BookingStatus.CONFIRMED, BookingStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class OwnCalendar:
    """What a family follows: its bookings, each with when it last changed; and when any of that last changed."""

    entries: tuple[tuple[Booking, datetime], ...]
    changed_at: datetime | None


def find_family_by_calendar(token: str) -> Family | None:
    """Find the family that this address of a calendar was given to last."""
    return db.session.scalars(select(Family).where(Family.calendar_digest == token_digest(token))).one_or_none()


def may_follow(booking: Booking) -> bool:
    """Tell whether a booking's own e-mail is the one its family is known by: the calendar is mailed there alone."""
    family = booking.family
    return family is not None and family.email_hash is not None and _email_hash(booking) == family.email_hash


def own_calendar(family: Family, *, now: datetime) -> OwnCalendar:
    """Return the places of the family's own bookings, held or cancelled, until a week after their date."""
    changed = dict(
        db.session.execute(
            select(BookingChange.booking_id, func.max(BookingChange.at))
            .join(Booking, Booking.id == BookingChange.booking_id)
            .where(Booking.family_id == family.itself.id)
            .group_by(BookingChange.booking_id)
        ).all()
    )
    entries = [
        (booking, max(booking.event.changed_at, changed.get(booking.id, booking.created_at)))
        for booking in _places(family)
    ]
    shown = tuple(
        each for each in entries if each[0].event.ends_at > now - KEEP and _email_hash(each[0]) == family.email_hash
    )
    left = [booking.event.ends_at + KEEP for booking, _at in entries if booking.event.ends_at <= now - KEEP]
    moments = [at for _booking, at in entries] + list(changed.values()) + left
    return OwnCalendar(entries=shown, changed_at=max(moments, default=None))


def _places(family: Family) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .join(Event, Event.id == Booking.event_id)
        .where(
            Booking.family_id == family.itself.id,
            Booking.confirmed_at.is_not(None),
            Booking.status.in_(SHOWN),
            is_a_family(),
        )
        .order_by(Event.starts_at, Booking.id)
        .options(joinedload(Booking.event).joinedload(Event.venue), joinedload(Booking.slot))
    ).all()


def _email_hash(booking: Booking) -> str | None:
    return lookup_hash("email", normal_email(booking.email)) if booking.email else None
