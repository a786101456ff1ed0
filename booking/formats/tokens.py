"""The links families hold: derived, never stored; the database keeps only a digest to look them up by."""

from __future__ import annotations

from booking import cipher
from booking.models import Booking, Subscription


def booking_token(booking: Booking) -> str:
    """Return the secret part of `/bookings/<token>`. Raising `link_version` makes every older link void."""
    return cipher.derive_token("booking", booking.id, booking.link_version)


def booking_link(booking: Booking, *, public_url: str) -> str:
    """Return the full address of the family's own page."""
    return f"{public_url}/bookings/{booking_token(booking)}"


def subscription_token(subscription: Subscription) -> str:
    """Return the secret part of `/news/<token>`."""
    return cipher.derive_token("news", subscription.id, subscription.link_version)
