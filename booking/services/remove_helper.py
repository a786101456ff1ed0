"""Take away the name of who booked for a family, as soon as the family says so (J12)."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking
from booking.rules.words import ChangeKind, ConsentSubject
from booking.services.keep_consent import keep_consent
from booking.services.locks import lock_booking
from booking.services.record_change import record_change


def remove_helper(booking_id: int, *, actor: str = "family") -> None:
    """Forget who helped with a booking, and with the other dates of its course; twice does no harm."""
    for each in _with_its_course(booking_id):
        booking = lock_booking(each)
        if booking.helper_kind is None:
            continue
        booking.helper_name = booking.helper_kind = None
        keep_consent(booking, ConsentSubject.HELPER, given=False, channel="web")
        record_change(booking, ChangeKind.HELPER_REMOVED, actor=actor)


def _with_its_course(booking_id: int) -> list[int]:
    key = db.session.scalar(select(Booking.group_key).where(Booking.id == booking_id))
    if key is None:
        return [booking_id]
    together = select(Booking.id).where(Booking.group_key == key).order_by(Booking.event_id, Booking.id)
    return list(db.session.scalars(together))
