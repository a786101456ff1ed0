"""Rows for the worked quarter: sessions and bookings written straight into the tables, as history is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking import clock
from booking.extensions import db
from booking.models import Adult, Booking, Event, Family, Place, Slot, Venue
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    ContactBy,
    Delivery,
    EventKind,
    EventStatus,
    Origin,
    Outcome,
    PersonKind,
)

CAME, NOT, UNKNOWN = Outcome.ATTENDED, Outcome.DID_NOT_COME, Outcome.NOT_RECORDED
_numbers = iter(range(1, 1_000_000))


def at(day: str, hour: int, minute: int = 0) -> datetime:
    return clock.london_time(datetime.fromisoformat(day).date(), hour, minute)


def a_session(starts_at: datetime, *, closed: bool = True, **values: Any) -> Event:
    """Add a session that lasts an hour and whose register was closed at its end; the test commits, once for all."""
    number = next(_numbers)
    ends_at = starts_at + timedelta(hours=1)
    defaults: dict[str, Any] = {
        "slug": f"q-{number}",
        "title": f"Session {number}",
        "kind": EventKind.FORUM,
        "delivery": Delivery.IN_PERSON,
        "booking_mode": BookingMode.PLACES,
        "status": EventStatus.PUBLISHED,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "capacity": 10,
        "feed_uid": f"q-{number}@example.org",
        "first_published_at": starts_at,
        "changed_at": starts_at,
        "register_closed_at": ends_at if closed else None,
    }
    event = Event(**defaults | values)
    db.session.add(event)
    return event


def a_place_in(district: str) -> Venue:
    venue = Venue(code=f"Q{next(_numbers)}", name="Hall", town="Town", outcode="", district=district)
    db.session.add(venue)
    return venue


def a_slot(event: Event, number: int) -> Slot:
    starts_at = event.starts_at + timedelta(minutes=20 * number)
    slot = Slot(event=event, role="Officer", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20), capacity=1)
    db.session.add(slot)
    return slot


def a_family(adults: int = 1, kind: PersonKind = PersonKind.PARENT_CARER) -> Family:
    """Add a family; the test commits, once for all."""
    family = Family()
    family.adults = [Adult(kind=kind) for _ in range(adults)]
    db.session.add(family)
    return family


def went(event: Event, family: Family | None, *outcomes: Outcome, **values: Any) -> Booking:
    """Add one family's booking (or an anonymous arrival's): an outcome for each of its adults in turn."""
    kinds = values.pop("kinds", None)
    adults = family.adults if family else [None] * len(outcomes)
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "event": event,
        "family": family,
        "reference": f"T{number}",
        "status": BookingStatus.CONFIRMED,
        "origin": Origin.WEB,
        "contact_by": ContactBy.EMAIL,
        "ical_uid": f"t{number}@example.org",
    }
    booking = Booking(**defaults | values)
    for place, outcome in enumerate(outcomes):
        adult = adults[place] if place < len(adults) else None
        kind = kinds[place] if kinds else adult.kind if adult else PersonKind.PARENT_CARER
        booking.places.append(Place(adult=adult, kind=kind, outcome=outcome))
    db.session.add(booking)
    return booking
