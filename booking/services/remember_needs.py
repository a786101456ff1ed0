"""Remember what would make it easier to come, along one chain of bookings, for as long as the family wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete

from booking import clock
from booking.extensions import db
from booking.models import Booking, RememberedNeed
from booking.queries.remembered import remembered_for, root_of
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need
from booking.services.keep_consent import keep_consent
from booking.services.locks import lock_booking

ASK_AGAIN_AFTER = timedelta(days=365)


def remember_needs(booking: Booking, needs: Sequence[Need]) -> None:
    """Keep these needs for the next booking that is begun from this one's page, in place of those kept before."""
    assert booking.family_id is not None
    root_id, ask_again_on = root_of(booking), clock.today() + ASK_AGAIN_AFTER
    db.session.execute(
        delete(RememberedNeed).where(RememberedNeed.family_id == booking.family_id, RememberedNeed.root_id == root_id)
    )
    db.session.add_all(
        RememberedNeed(
            family_id=booking.family_id,
            root_id=root_id,
            code=need.code,
            detail=need.detail or None,
            ask_again_on=ask_again_on,
        )
        for need in needs
    )
    db.session.flush()


def forget_needs(booking_id: int, *, channel: str = "web") -> Booking:
    """Forget what is remembered along this booking's chain; twice does no harm."""
    booking = lock_booking(booking_id)
    if remembered_for(booking):
        remember_needs(booking, ())
        keep_consent(booking, ConsentSubject.REMEMBER_NEEDS, given=False, channel=channel)
    return booking
