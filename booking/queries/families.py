"""Find a family by what its people can tell us: an e-mail address, a phone number, a booking's reference."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import Booking, Family
from booking.rules.contact import normal_email, normal_phone
from booking.rules.references import normal_reference


def families_with_contact(text: str) -> list[int]:
    """Return the ids of the families with this e-mail address or phone number, however it is written."""
    matches = [Family.email_hash == lookup_hash("email", normal_email(text))]
    if number := normal_phone(text):
        matches.append(Family.phone_hash == lookup_hash("phone", number))
    itself = func.coalesce(Family.joined_id, Family.id)
    return list(db.session.scalars(select(itself).where(or_(*matches)).distinct().order_by(itself)))


def families_with_reference(text: str) -> list[int]:
    """Return the id of the family of a booking, if there is such a booking and it is not anonymous."""
    reference = normal_reference(text)
    statement = select(Booking.family_id).where(Booking.reference == reference, Booking.family_id.is_not(None))
    return [number for number in db.session.scalars(statement) if number is not None]
