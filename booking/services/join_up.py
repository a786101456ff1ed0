"""Move places that a family waited for to the booking they were waited for."""

from __future__ import annotations

from sqlalchemy import update

from booking import clock
from booking.extensions import db
from booking.models import Booking, Place
from booking.rules.words import BookingStatus, ChangeKind
from booking.services.locks import lock_booking
from booking.services.notify import tell_places_added
from booking.services.record_change import record_change


def join_up(extension: Booking, *, actor: str) -> Booking:
    """Move the places that came free to the booking they were waited for; the session is locked.

    The counters stay as they are: the places were counted as offered, and are counted as confirmed now.
    """
    assert extension.extends_id is not None
    main = lock_booking(extension.extends_id)
    more = len(extension.places)
    db.session.execute(
        update(Place)
        .where(Place.booking_id == extension.id)
        .values(booking_id=main.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(extension, ["places"])
    db.session.expire(main, ["places"])
    extension.status = BookingStatus.CANCELLED
    extension.cancelled_at = clock.now()
    extension.offer_ends_at = None
    record_change(extension, ChangeKind.JOINED_UP, actor=actor, places=more)
    record_change(main, ChangeKind.JOINED_UP, actor=actor, places=more, now=len(main.places))
    tell_places_added(main, more=more)
    return main


def has_joined_up(booking: Booking) -> bool:
    """Return whether this is a booking whose places went to the one they were waited for."""
    is_over = booking.status == BookingStatus.CANCELLED and booking.cancelled_by is None
    return is_over and booking.extends_id is not None
