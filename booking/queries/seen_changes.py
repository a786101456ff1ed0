"""Who has seen how a session changed, and who is still to be rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.extensions import db
from booking.models import Booking, BookingChange, Call, Place
from booking.queries.extensions import is_a_family
from booking.rules.words import LIVE, CallOutcome, ChangeKind

REACHED = (CallOutcome.SPOKE, CallOutcome.CANNOT_COME)
"""Who was spoken to knows; a word that was left may not have been heard."""


@dataclass(frozen=True, slots=True)
class SeenChange:
    """How many families were told of the latest change of a session, and which of them have not seen it yet."""

    changed_at: datetime
    told: int
    unseen: tuple[Booking, ...]

    @property
    def seen(self) -> int:
        """How many have seen it."""
        return self.told - len(self.unseen)


def seen_change(event_id: int) -> SeenChange | None:
    """Return who has seen the latest change of a session; None when nobody was told of any."""
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event_id, Booking.status.in_(LIVE), is_a_family())
        .options(selectinload(Booking.places).joinedload(Place.adult))
        .order_by(Booking.id)
    ).all()
    told = _latest([each.id for each in bookings], ChangeKind.SESSION_MOVED)
    signs = _signs(list(told))
    unseen = tuple(each for each in bookings if each.id in told and not _has_seen(each, told[each.id], signs))
    return SeenChange(max(told.values()), len(told), unseen) if told else None


def awaits_a_look(booking: Booking) -> bool:
    """Tell whether the family was told of a change that it has not seen yet; a session that is over is let be."""
    if booking.status not in LIVE or booking.event.ends_at <= clock.now():
        return False
    told = _latest([booking.id], ChangeKind.SESSION_MOVED).get(booking.id)
    return told is not None and not _has_seen(booking, told, _signs([booking.id]))


def _has_seen(booking: Booking, told_at: datetime, signs: dict[int, datetime]) -> bool:
    """Tell whether they did anything with the booking since, were reached by phone, or their calendar answered."""
    answered_at = booking.reply_stamped_at
    sign = signs.get(booking.id)
    return (sign is not None and sign > told_at) or (answered_at is not None and answered_at > told_at)


def _signs(booking_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each family last showed that it knows how things stand."""
    acted = _latest(booking_ids, by_family=True)
    calls = db.session.execute(
        select(Call.booking_id, func.max(Call.created_at))
        .where(Call.booking_id.in_(booking_ids), Call.outcome.in_(REACHED))
        .group_by(Call.booking_id)
    )
    for number, at in calls:
        acted[number] = max(at, acted.get(number, at))
    return acted


def _latest(
    booking_ids: Sequence[int], kind: ChangeKind | None = None, *, by_family: bool = False
) -> dict[int, datetime]:
    statement = select(BookingChange.booking_id, func.max(BookingChange.at)).where(
        BookingChange.booking_id.in_(booking_ids)
    )
    if kind is not None:
        statement = statement.where(BookingChange.kind == kind)
    if by_family:
        statement = statement.where(BookingChange.actor == "family")
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(BookingChange.booking_id))}
