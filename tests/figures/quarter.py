"""Rows for the worked quarter: sessions and bookings written straight into the tables, as history is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking import clock
from booking.extensions import db, transaction
from booking.models import Adult, Booking, Event, Family, Place
from booking.rules.words import BookingStatus, ContactBy, Origin, Outcome, PersonKind
from tests.cast import an_event

CAME, NOT, UNKNOWN = Outcome.ATTENDED, Outcome.DID_NOT_COME, Outcome.NOT_RECORDED
_numbers = iter(range(1, 1_000_000))


def at(day: str, hour: int, minute: int = 0) -> datetime:
    return clock.london_time(datetime.fromisoformat(day).date(), hour, minute)


def a_session(starts_at: datetime, *, closed: bool = True, **values: Any) -> Event:
    """Save a session that lasts an hour and whose register was closed at its end."""
    ends_at = starts_at + timedelta(hours=1)
    return an_event(starts_at=starts_at, hours=1, register_closed_at=ends_at if closed else None, **values)


def a_family(adults: int = 1, kind: PersonKind = PersonKind.PARENT_CARER) -> Family:
    with transaction():
        family = Family()
        db.session.add(family)
        db.session.add_all([Adult(family=family, kind=kind) for _ in range(adults)])
    db.session.refresh(family)
    return family


def went(event: Event, family: Family | None, *outcomes: Outcome, **values: Any) -> Booking:
    """Save one family's booking (or an anonymous arrival's): an outcome for each of its adults in turn."""
    kinds = values.pop("kinds", None)
    adults = family.adults if family else [None] * len(outcomes)
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "event_id": event.id,
        "family_id": family.id if family else None,
        "reference": f"T{number}",
        "status": BookingStatus.CONFIRMED,
        "origin": Origin.WEB,
        "contact_by": ContactBy.EMAIL,
        "ical_uid": f"t{number}@example.org",
    }
    with transaction():
        booking = Booking(**defaults | values)
        for place, outcome in enumerate(outcomes):
            adult = adults[place] if place < len(adults) else None
            kind = kinds[place] if kinds else adult.kind if adult else PersonKind.PARENT_CARER
            booking.places.append(Place(adult_id=adult.id if adult else None, kind=kind, outcome=outcome))
        db.session.add(booking)
    return booking
