"""Write down what a family agreed to, or took back. Rows are only ever added."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.models import Booking, Consent
from booking.rules.consent import wording_of
from booking.rules.words import ConsentSubject


def keep_consent(booking: Booking, subject: ConsentSubject, *, given: bool, channel: str) -> None:
    """Record one yes or no of the booking's family, with the wording it saw and the way it was asked."""
    assert booking.family_id is not None
    db.session.add(
        Consent(
            family_id=booking.family_id,
            booking_id=booking.id,
            subject=subject,
            given=given,
            wording_version=wording_of(channel),
            channel=channel,
            at=clock.now(),
        )
    )
    db.session.flush()
