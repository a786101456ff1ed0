"""Make a venue, change it, or put it away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.formats.slugs import slug_of
from booking.locality.kinds import Point
from booking.models import Event, Venue
from booking.rules.distance import to_latitude_longitude
from booking.rules.words import EventStatus
from booking.services.record_audit import record_audit

SCREEN = "staff.venues"


@dataclass(frozen=True, kw_only=True)
class VenueDetails:
    """What staff type about a venue; `point` is where its postcode lies."""

    name: str
    address: str
    town: str
    postcode: str
    outcode: str
    district: str
    directions: str
    arrival_steps: list[str]
    leaving: str
    last_bus: str
    capacity: int | None
    fire_limit: int | None
    is_confidential: bool
    point: Point


def save_venue(venue_id: int | None, details: VenueDetails) -> Venue:
    """Save a new venue, or change one. Raise NotFound."""
    venue = _lock_venue(venue_id) if venue_id else Venue(code=_free_code(details))
    is_same_spot = (venue.postcode, venue.outcode) == (details.postcode, details.outcode)
    for name in _COLUMNS:
        setattr(venue, name, getattr(details, name))
    if not is_same_spot or venue.easting is None:
        venue.easting, venue.northing = details.point.easting, details.point.northing
        venue.lat, venue.lon = to_latitude_longitude(details.point)
    db.session.add(venue)
    db.session.flush()
    _tell_calendars(venue)
    action = "venue changed" if venue_id else "venue made"
    record_audit(action, screen=SCREEN, subject_type="venue", subject_id=venue.id)
    return venue


def archive_venue(venue_id: int, *, archived: bool) -> Venue:
    """Put a venue away, or take it out again; sessions that are held there stay as they are."""
    venue = _lock_venue(venue_id)
    venue.archived_at = clock.now() if archived else None
    db.session.flush()
    record_audit(
        "venue archived" if archived else "venue restored", screen=SCREEN, subject_type="venue", subject_id=venue.id
    )
    return venue


_COLUMNS = (
    "name",
    "address",
    "town",
    "postcode",
    "outcode",
    "district",
    "directions",
    "arrival_steps",
    "leaving",
    "last_bus",
    "capacity",
    "fire_limit",
    "is_confidential",
)


def _lock_venue(venue_id: int) -> Venue:
    statement = select(Venue).where(Venue.id == venue_id).with_for_update(of=Venue)
    venue = db.session.scalar(statement.execution_options(populate_existing=True))
    if venue is None:
        raise NotFound("There is no such venue.")
    return venue


def _tell_calendars(venue: Venue) -> None:
    """Raise the feed's revision of the coming sessions here: their place may read differently now."""
    statement = select(Event).where(
        Event.venue_id == venue.id, Event.status == EventStatus.PUBLISHED, Event.ends_at > clock.now()
    )
    for event in db.session.scalars(statement.order_by(Event.id).with_for_update(of=Event)):
        event.feed_sequence += 1
        event.changed_at = clock.now()
    db.session.flush()


def _free_code(details: VenueDetails) -> str:
    stem = slug_of(f"{details.name} {details.town}", most=32)
    taken = set(db.session.scalars(select(Venue.code).where(Venue.code.like(f"{stem}%"))))
    return next(
        code for number in range(1, 10_000) if (code := stem if number == 1 else f"{stem}-{number}") not in taken
    )
