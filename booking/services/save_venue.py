"""Make a venue, change it, or put it away; tell the families who were told another place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, NotFound, Refusal
from booking.extensions import db
from booking.formats.slugs import slug_of
from booking.formats.words_for import when
from booking.locality.kinds import Point
from booking.models import Event, Venue
from booking.queries.districts import district_today
from booking.queries.venues import coming_at, held_at, known_facts
from booking.rules.distance import to_latitude_longitude
from booking.rules.words import ChangeKind
from booking.services.move_session import live_bookings
from booking.services.notify import as_it_is, tell_changed
from booking.services.put_back_broken import put_back_broken
from booking.services.record_audit import actor, record_audit
from booking.services.record_change import record_change

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


def save_venue(venue_id: int | None, details: VenueDetails, *, tell: bool = True, code: str = "") -> Venue:
    """Save a new venue, or change one; `code` is what a new one is known by, if it has one already. Raise NotFound.

    Where it is called another name or stands elsewhere now, everybody who booked or waits for a coming session
    there is told, and their calendar entries change; not with `tell=False`, for what was a typing mistake.
    Calendars that follow the sessions hear of it either way. What rested on the old spot has to be arranged again.
    """
    events = lock_events_at(venue_id)
    venue = _lock_venue(venue_id) if venue_id else Venue(code=code or _free_code(details))
    _refuse_if_one_came(venue_id, events)
    tell = tell and venue_id is not None and is_another_place(venue, details)
    is_elsewhere = tell and is_another_spot(venue, details)
    facts = known_facts(venue) if is_elsewhere else {}
    was = {event.id: as_it_is(event) for event in events}
    _write(venue, details)
    _tell_calendars(events)
    told = sum(_tell_families(event, was[event.id]) for event in events) if tell else 0
    broken = sum(put_back_broken(live_bookings(event), was=facts, now={}) for event in events if is_elsewhere)
    action = "venue changed" if venue_id else "venue made"
    counts = {"bookings": told, "broken": broken}
    record_audit(action, screen=SCREEN, subject_type="venue", subject_id=venue.id, facts=counts)
    return venue


def is_another_place(venue: Venue, details: VenueDetails) -> bool:
    """Return whether families who were told this place would read another one now."""
    return _as_told(venue) != _as_told(details)


def changed_parts(venue: Venue, details: VenueDetails) -> tuple[str, ...]:
    """Return the names of what would read differently."""
    return tuple(
        name
        for name in _COLUMNS
        if getattr(venue, name) != getattr(details, name) and not (name == "district" and _is_there(venue, details))
    )


def is_another_spot(venue: Venue, details: VenueDetails) -> bool:
    """Return whether the postcode is another one: then what was checked was checked somewhere else."""
    was, now = (("".join((place.postcode or place.outcode).split())) for place in (venue, details))
    return was != now


def archive_venue(venue_id: int, *, archived: bool) -> Venue:
    """Put a venue away, or take it out again; what took place there stays. Raise NotFound.

    Raise Refusal while a coming session is there. Who saves a session locks its venue: none can come meanwhile.
    """
    venue = _lock_venue(venue_id)
    if archived and (held := held_at(venue_id)):
        raise Refusal(_held_sentence(held))
    venue.archived_at = clock.now() if archived else None
    db.session.flush()
    record_audit(
        "venue archived" if archived else "venue restored", screen=SCREEN, subject_type="venue", subject_id=venue.id
    )
    return venue


def _held_sentence(held: Sequence[Event]) -> str:
    named = "; ".join(f"“{event.title}”, {when(event.starts_at, event.ends_at)}" for event in held[:3])
    more = f" and {len(held) - 3} more" if len(held) > 3 else ""
    return f"This venue cannot be put away: {named}{more} is still to come here. Move or cancel that first."


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


def lock_events_at(venue_id: int | None) -> Sequence[Event]:
    """Lock the coming sessions at a venue, by id, before the venue: who moves a session locks in this order."""
    if venue_id is None:
        return []
    statement = coming_at(venue_id).order_by(Event.id).with_for_update(of=Event)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _refuse_if_one_came(venue_id: int | None, events: Sequence[Event]) -> None:
    """Raise Conflict if a session was moved here while we waited for the venue; now none can be."""
    if venue_id is None:
        return
    now_here = set(db.session.scalars(coming_at(venue_id).with_only_columns(Event.id)))
    if now_here - {event.id for event in events}:
        raise Conflict("A session was moved to this venue just now. Please save again.")


def _write(venue: Venue, details: VenueDetails) -> None:
    is_same_spot = (venue.postcode, venue.outcode) == (details.postcode, details.outcode)
    is_there = _is_there(venue, details)
    for name in _COLUMNS:
        if not (name == "district" and is_there):
            setattr(venue, name, getattr(details, name))
    if not is_same_spot or venue.easting is None:
        venue.easting, venue.northing = details.point.easting, details.point.northing
        venue.lat, venue.lon = to_latitude_longitude(details.point)
    db.session.add(venue)
    db.session.flush()


def _is_there(venue: Venue, details: VenueDetails) -> bool:
    """Tell whether a place is in its district as it was; what a former one says of the past stays."""
    return bool(venue.district) and district_today(venue.district) == district_today(details.district)


def _as_told(place: Venue | VenueDetails) -> tuple[object, ...]:
    """Return what the mails and calendar entries say of a place; how its letters are spaced tells nothing."""
    rest = place.address or f"{place.town} {place.postcode or place.outcode}"
    return (*(" ".join(text.split()) for text in (place.name, rest, place.town)), place.is_confidential)


def _tell_calendars(events: Sequence[Event]) -> None:
    """Raise the feed's revision of the coming sessions here: their place may read differently now."""
    for event in events:
        event.feed_sequence += 1
        event.changed_at = clock.now()
    db.session.flush()


def _tell_families(event: Event, was: dict[str, object]) -> int:
    """Tell the families of one session; one that is put off tells its place together with its new date."""
    if event.new_date_pending or as_it_is(event) == was:
        return 0
    bookings = live_bookings(event)
    for booking in bookings:
        record_change(booking, ChangeKind.SESSION_MOVED, actor=actor(), venue=event.venue_id)
        tell_changed(booking, was)
    db.session.flush()
    return len(bookings)


def _free_code(details: VenueDetails) -> str:
    stem = slug_of(f"{details.name} {details.town}", most=32)
    taken = set(db.session.scalars(select(Venue.code).where(Venue.code.like(f"{stem}%"))))
    return next(
        code for number in range(1, 10_000) if (code := stem if number == 1 else f"{stem}-{number}") not in taken
    )
