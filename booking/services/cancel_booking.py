"""Cancel a booking: its places go to the next family. No penalty, ever (J10)."""

from __future__ import annotations

from booking import clock
from booking.formats import refusals
from booking.models import Booking
from booking.queries.extensions import extension_of
from booking.rules.words import (
    HOLDS_PLACES,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    FamilyCancelReason,
    MessageKind,
)
from booking.services.locks import lock_booking
from booking.services.move_waitlist import move_waitlist
from booking.services.notify import tell_cancelled
from booking.services.record_change import record_change
from booking.services.take_places import free_places


def cancel_booking(
    booking_id: int,
    *,
    by: CancelledBy,
    reason: FamilyCancelReason | None = None,
    actor: str = "family",
    tell: bool = True,
) -> Booking:
    """Cancel and tell the family; twice does no harm. A reason given later is added to the first one's place.

    What the family waits for besides ends with it.

    Raise Conflict when a family cancels after the session has begun.
    """
    booking = lock_booking(booking_id)
    if booking.status == BookingStatus.CANCELLED:
        booking.cancel_reason = booking.cancel_reason or reason
        return booking
    event = booking.event
    if by == CancelledBy.FAMILY and event.starts_at <= clock.now():
        raise refusals.already_begun()
    was = booking.status
    if (extension := extension_of(booking)) is not None:
        cancel_booking(extension.id, by=by, actor=actor, tell=False)
    if was in HOLDS_PLACES:
        free_places(booking, event)
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = clock.now()
    booking.cancelled_by = by
    booking.cancel_reason = reason
    booking.offer_ends_at = None
    record_change(booking, ChangeKind.CANCELLED, actor=actor, by=by.value, was=was.value, places=len(booking.places))
    if tell:
        us = by == CancelledBy.US
        tell_cancelled(booking, MessageKind.CANCELLED_BY_US if us else MessageKind.CANCELLED_BY_FAMILY)
    booking.release_at = None
    if was in HOLDS_PLACES:
        move_waitlist(event)
    return booking
