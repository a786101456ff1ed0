"""Whether a family is told how to join online: on its own page, and on paper."""

from __future__ import annotations

from booking import clock
from booking.models import Booking
from booking.rules.words import BookingStatus, Delivery


def may_join(booking: Booking) -> bool:
    """Tell whether the page says how to join: it is theirs, it is online too, and it is not over."""
    event = booking.event
    is_over = event.ends_at <= clock.now() and not event.new_date_pending
    return booking.status == BookingStatus.CONFIRMED and event.delivery != Delivery.IN_PERSON and not is_over
