"""Write down whom to ask for the key of a venue, and what its hire costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking.errors import NotFound
from booking.extensions import db
from booking.models import VenueHire
from booking.services.locks import lock_venue
from booking.services.record_audit import record_audit


@dataclass(frozen=True, kw_only=True)
class HireDetails:
    """What staff alone may know of a venue; the code of an alarm is not among it."""

    keyholder: str
    phone: str
    cost: str
    way_in: str
    has_alarm: bool


def save_hire(venue_id: int, details: HireDetails) -> VenueHire:
    """Save the details. Raise NotFound."""
    if lock_venue(venue_id) is None:
        raise NotFound("There is no such venue.")
    hire = db.session.scalar(select(VenueHire).where(VenueHire.venue_id == venue_id)) or VenueHire(venue_id=venue_id)
    hire.keyholder, hire.phone = details.keyholder or None, details.phone or None
    hire.cost, hire.way_in = details.cost or None, details.way_in or None
    hire.has_alarm = details.has_alarm
    db.session.add(hire)
    db.session.flush()
    record_audit("venue hire", screen="staff.edit_hire", subject_type="venue", subject_id=venue_id)
    return hire
