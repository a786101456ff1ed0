"""The links families hold: derived, never stored; the database keeps only a digest to look them up by."""

from __future__ import annotations

import hmac

from booking import cipher
from booking.models import Booking, Family, Subscription

MAIL_PROOF = 12
"""Letters of a proof: 60 bits."""


def booking_token(booking: Booking) -> str:
    """Return the secret part of `/bookings/<token>`. Raising `link_version` makes every older link void."""
    return cipher.derive_token("booking", booking.id, booking.link_version)


def booking_link(booking: Booking, *, public_url: str) -> str:
    """Return the full address of the family's own page."""
    return f"{public_url}/bookings/{booking_token(booking)}"


def feedback_token(booking: Booking) -> str:
    """Return the secret part of `/feedback/<token>`: it opens nothing else, and leads nowhere 60 days after."""
    return cipher.derive_token("feedback", booking.id)


def subscription_token(subscription: Subscription) -> str:
    """Return the secret part of `/news/<token>`."""
    return cipher.derive_token("news", subscription.id, subscription.link_version)


def calendar_token(family: Family) -> str:
    """Return the secret part of `/calendar/mine/<token>.ics`. Another e-mail address of the family makes it void."""
    return cipher.derive_token("calendar", family.id, family.calendar_version, family.email_hash or "")


def mail_proof(kind: str, number: int) -> str:
    """Return the short proof in an address of ours (`+b12.<proof>@`): nobody else can make up one that holds."""
    return cipher.derive_token("mail", kind, number)[:MAIL_PROOF]


def is_mail_proof(proof: str, kind: str, number: int) -> bool:
    """Tell whether a proof in an address holds, in the same time whatever it is."""
    return hmac.compare_digest(proof.encode(), mail_proof(kind, number).encode())
