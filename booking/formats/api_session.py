"""A public session as a row of the interface for other programs."""

from __future__ import annotations

from typing import Any

from booking.clock import in_london
from booking.locality.kinds import Locality
from booking.models import Event
from booking.rules.words import BookingMode, Delivery


def api_session(event: Event, *, public_url: str, locality: Locality) -> dict[str, Any]:
    """Return one session as the interface gives it: codes, London's offset, no confidential place."""
    place = None if event.delivery == Delivery.ONLINE else event.venue
    limited = event.capacity is not None and event.booking_mode != BookingMode.OPEN
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": event.kind.value,
        "delivery": event.delivery.value,
        "booking_mode": event.booking_mode.value,
        "starts_at": in_london(event.starts_at).isoformat(timespec="seconds"),
        "ends_at": in_london(event.ends_at).isoformat(timespec="seconds"),
        "venue": place.name if place and not place.is_confidential else None,
        "district": (locality.code_of(place.district) or place.district) if place else None,
        "places_left": (event.capacity or 0) - event.places_taken if limited else None,
        "url": f"{public_url}/sessions/{event.slug}",
    }
