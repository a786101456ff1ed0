"""Record at the door who came, who did not, and who came without booking."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import Conflict, NotFound, Refusal
from booking.extensions import db
from booking.models import Adult, Booking, Event, Family, Place
from booking.queries.register import get_register
from booking.rules.words import BookingStatus, CancelledBy, ContactBy, Origin, Outcome, PersonKind
from booking.services.identify_booking import free_reference, new_calendar_uid
from booking.services.locks import lock_booking, lock_event
from booking.services.record_audit import record_audit

SCREEN = "door.register"
MOST_CHILDREN = 10
MOST_ADULTS = 6


class FireLimit(Conflict):
    """The building holds no more people; who leads the session may let somebody in, with a reason."""


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """Somebody who came without booking. Without names, district and an earlier booking they stay anonymous.

    `came_from` is a booking of this session that gave them no place. `tap` makes sending the form twice harmless.
    """

    event_id: int
    adults: int = 1
    names: tuple[str, ...] = ()
    children: int = 0
    outcode: str = ""
    district: str = "unknown"
    came_from: int | None = None
    tap: str = ""
    override: str = ""


def record_outcome(
    place_id: int, outcome: Outcome, *, by: int | None, event_id: int | None = None, device: str = ""
) -> Place:
    """Write down whether somebody came. A later correction is kept with who, when and what stood there before.

    Raise Conflict when the booking no longer has a place, NotFound when there is none (in the session named).
    """
    place = _lock_place(place_id)
    booking = place.booking
    _keep_to_session(booking, event_id)
    if booking.status != BookingStatus.CONFIRMED:
        raise Conflict("This booking has no place any more. If they came, add them as somebody who came anyway.")
    if place.outcome == outcome:
        return place
    closed_at = booking.event.register_closed_at
    is_correction = closed_at is not None or place.outcome != Outcome.NOT_RECORDED
    action = "correct_attendance" if is_correction else "record_attendance"
    facts = {"place": place.id, "was": place.outcome.value, "now": outcome.value, "closed": closed_at is not None}
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=booking.event_id, facts=facts)
    _write(place, outcome, by=by, device=device)
    return place


def record_children(booking_id: int, children: int, *, event_id: int | None = None) -> Booking:
    """Write down how many children a family brought. Raise Refusal for a number that cannot be."""
    if not 0 <= children <= MOST_CHILDREN:
        raise Refusal(f"Enter a number of children from 0 to {MOST_CHILDREN}.", field="children")
    booking = _lock_booking(booking_id, event_id)
    if booking.children != children:
        facts = {"booking": booking.id, "was": booking.children, "now": children}
        record_audit("record_children", screen=SCREEN, subject_type="event", subject_id=booking.event_id, facts=facts)
    booking.children = children
    db.session.flush()
    return booking


def add_walk_in(walk_in: WalkIn, *, by: int | None) -> Booking:
    """Let somebody in who did not book. Raise FireLimit when the building is full and nobody answers for it."""
    if not 1 <= walk_in.adults <= MOST_ADULTS or not 0 <= walk_in.children <= MOST_CHILDREN:
        raise Refusal(f"Enter from 1 to {MOST_ADULTS} adults and from 0 to {MOST_CHILDREN} children.", field="adults")
    event = lock_event(walk_in.event_id)
    if (earlier := _added_before(walk_in)) is not None:
        return earlier
    if not event.walk_ins_allowed and walk_in.came_from is None:
        raise Conflict("This session takes no walk-ins. Ask the organiser, or book a place for another day.")
    _keep_the_fire_limit(walk_in)
    booking = _write_down(walk_in, event, by=by)
    facts = {"booking": booking.id, "adults": walk_in.adults}
    record_audit("add_walk_in", screen=SCREEN, subject_type="event", subject_id=event.id, facts=facts)
    return booking


def remove_walk_in(booking_id: int, *, event_id: int | None = None) -> Booking:
    """Take back a walk-in that was added by mistake; the row stays, cancelled, and counts nowhere."""
    booking = _lock_booking(booking_id, event_id)
    if booking.origin != Origin.WALK_IN:
        raise Refusal("Only somebody who came without booking can be removed here.")
    if booking.status == BookingStatus.CANCELLED:
        return booking
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_by = CancelledBy.US
    booking.cancelled_at = clock.now()
    facts = {"booking": booking.id, "adults": len(booking.places)}
    record_audit("remove_walk_in", screen=SCREEN, subject_type="event", subject_id=booking.event_id, facts=facts)
    db.session.flush()
    return booking


def _lock_booking(booking_id: int, event_id: int | None) -> Booking:
    if db.session.get(Booking, booking_id) is None:
        raise NotFound("This booking is not on this register.")
    booking = lock_booking(booking_id)
    _keep_to_session(booking, event_id)
    return booking


def _keep_to_session(booking: Booking, event_id: int | None) -> None:
    if event_id is not None and booking.event_id != event_id:
        raise NotFound("This booking is not on this register.")


def _lock_place(place_id: int) -> Place:
    booking_id = db.session.scalar(select(Place.booking_id).where(Place.id == place_id))
    if booking_id is None:
        raise NotFound("This person is not on the register any more.")
    lock_booking(booking_id)
    return db.session.scalars(select(Place).where(Place.id == place_id).execution_options(populate_existing=True)).one()


def _write(place: Place, outcome: Outcome, *, by: int | None, device: str) -> None:
    now = clock.now()
    place.outcome = outcome
    place.arrived_at = now if outcome == Outcome.ATTENDED else None
    place.recorded_at = now
    place.recorded_by = by
    place.device = device
    db.session.flush()


def _added_before(walk_in: WalkIn) -> Booking | None:
    """Find what the same form has added already, or the family that was let in from the list before."""
    same_session = select(Booking).where(Booking.event_id == walk_in.event_id)
    if walk_in.tap:
        found = db.session.scalar(same_session.join(Place).where(Place.device == _mark(walk_in)).limit(1))
        if found is not None:
            return found
    if walk_in.came_from is None:
        return None
    family = select(Booking.family_id).where(Booking.id == walk_in.came_from).scalar_subquery()
    return db.session.scalar(
        same_session.where(
            Booking.family_id == family, Booking.origin == Origin.WALK_IN, Booking.status == BookingStatus.CONFIRMED
        ).limit(1)
    )


def _keep_the_fire_limit(walk_in: WalkIn) -> None:
    room = get_register(walk_in.event_id).room
    if room.has_room_for(walk_in.adults + walk_in.children):
        return
    if not walk_in.override:
        raise FireLimit(
            f"The room is full. The fire limit is {room.fire_limit} people and {room.inside} are inside. "
            "Nobody else can come in until somebody leaves."
        )
    facts = {"inside": room.inside, "fire_limit": room.fire_limit, "more": walk_in.adults + walk_in.children}
    record_audit(
        "override_fire_limit",
        screen=SCREEN,
        subject_type="event",
        subject_id=walk_in.event_id,
        reason=walk_in.override,
        facts=facts,
    )


def _write_down(walk_in: WalkIn, event: Event, *, by: int | None) -> Booking:
    """Make the walk-in's booking; it stands outside `places_taken` and sends no message."""
    now = clock.now()
    source = _came_from(walk_in)
    booking = Booking(
        event_id=event.id,
        family=source.family if source else _new_family(walk_in),
        reference=free_reference(),
        status=BookingStatus.CONFIRMED,
        origin=Origin.WALK_IN,
        contact_by=ContactBy.RING_ME,
        children=source.children if source else walk_in.children,
        outcode=source.outcode if source else walk_in.outcode,
        district=source.district if source else walk_in.district,
        profile=source.profile if source else None,
        confirmed_at=now,
        ical_uid=new_calendar_uid(),
    )
    db.session.add(booking)
    people = [(place.adult, place.kind) for place in source.places] if source else _new_people(walk_in, booking.family)
    for adult, kind in people:
        place = Place(adult=adult, kind=kind)
        booking.places.append(place)
        db.session.flush()
        _write(place, Outcome.ATTENDED, by=by, device=_mark(walk_in))
    return booking


def _came_from(walk_in: WalkIn) -> Booking | None:
    if walk_in.came_from is None:
        return None
    booking = db.session.get(Booking, walk_in.came_from)
    if booking is None or booking.event_id != walk_in.event_id:
        raise NotFound("This booking is not on this register.")
    if booking.status == BookingStatus.CONFIRMED:
        raise Conflict("This family has a place now. Find them in the list.")
    return booking


def _new_family(walk_in: WalkIn) -> Family | None:
    """Begin a family for somebody who gave a name; one without stays anonymous and is no family reached."""
    if not walk_in.names:
        return None
    family = Family()
    db.session.add(family)
    return family


def _new_people(walk_in: WalkIn, family: Family | None) -> list[tuple[Adult | None, PersonKind]]:
    if family is None:
        return [(None, PersonKind.PARENT_CARER)] * walk_in.adults
    names = (*walk_in.names, *[None] * walk_in.adults)[: walk_in.adults]
    adults = [Adult(family=family, name=name) for name in names]
    db.session.add_all(adults)
    return [(adult, PersonKind.PARENT_CARER) for adult in adults]


def _mark(walk_in: WalkIn) -> str:
    return f"tap:{walk_in.tap}" if walk_in.tap else ""
