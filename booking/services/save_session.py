"""Make a session, or change what does not move it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.errors import Refusal
from booking.extensions import db
from booking.formats.slugs import slug_of
from booking.models import Event, Venue
from booking.queries.installation import own_domain
from booking.queries.venues import find_room
from booking.rules.double_bookings import stay_of
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, MessageKind, Participation
from booking.services.fit_room import fit_room
from booking.services.locks import lock_event
from booking.services.move_waitlist import move_waitlist
from booking.services.record_audit import actor_id, record_audit
from booking.services.require_seen import require_seen
from booking.services.take_venue import record_clashes, take_venue

MAKING, EDITING = "staff.new_session", "staff.edit_session"


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """What families plan their day by: once published, only a move changes it, and everybody is told."""

    title: str
    delivery: Delivery
    starts_at: datetime
    ends_at: datetime
    venue_id: int | None = None
    room: str = ""
    join_url: str | None = None
    dial_in: str | None = None


@dataclass(frozen=True, kw_only=True)
class SessionDetails:
    """What else there is to say; changing it sends nothing."""

    kind: EventKind
    summary: str = ""
    description: str = ""
    walk_ins_allowed: bool = True
    capacity: int | None = None
    audience: str = ""
    host: str = ""
    greeter: str = ""
    people: tuple[str, ...] = ()
    agenda: tuple[dict[str, Any], ...] = ()
    participation: Participation = Participation.CONSULT
    co_production: tuple[str, ...] = ()
    workstreams: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    busiest: str = ""
    opens_days_before: int | None = None
    ends_hours_before: int | None = None
    reminders_off: tuple[MessageKind, ...] = ()


def plan_of(event: Event) -> SessionPlan:
    """Return the plan of a session as it stands."""
    return SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        venue_id=event.venue_id,
        room=event.room,
        join_url=event.join_url,
        dial_in=event.dial_in,
    )


def details_of(event: Event) -> SessionDetails:
    """Return the details of a session as they stand."""
    return SessionDetails(
        kind=event.kind,
        summary=event.summary,
        description=event.description,
        walk_ins_allowed=event.walk_ins_allowed,
        capacity=event.capacity,
        audience=event.audience,
        host=event.host,
        greeter=event.greeter,
        people=tuple(event.people),
        agenda=tuple(event.agenda),
        participation=event.participation,
        co_production=tuple(event.co_production),
        workstreams=tuple(event.workstreams),
        topics=tuple(event.topics),
        busiest=event.busiest,
        opens_days_before=event.opens_days_before,
        ends_hours_before=event.ends_hours_before,
        reminders_off=tuple(MessageKind(kind) for kind in event.reminders_off),
    )


def make_session(
    plan: SessionPlan, details: SessionDetails, *, mode: BookingMode, clash_reason: str = "", screen: str = MAKING
) -> Event:
    """Make a draft. Raise Refusal when the place is missing, VenueTaken when it is taken and no reason is given."""
    clashes = take_venue(stay_of(plan), reason=clash_reason)
    event = Event(
        feed_uid=f"{uuid.uuid4()}@{own_domain()}",
        status=EventStatus.DRAFT,
        places_taken=0,
        organiser_id=actor_id(),
        slots=[],
    )
    apply_plan(event, plan)
    _apply_details(event, details, mode=mode)
    fit_room(event)
    event.slug = _free_slug(event)
    event.changed_at = clock.now()
    db.session.add(event)
    db.session.flush()
    record_audit("session made", screen=screen, subject_type="event", subject_id=event.id)
    record_clashes(event, clashes, reason=clash_reason, screen=screen)
    return event


def save_session(
    event_id: int,
    details: SessionDetails,
    *,
    plan: SessionPlan | None = None,
    mode: BookingMode | None = None,
    seen: str | None = None,
    clash_reason: str = "",
) -> Event:
    """Change a session; `plan` and `mode` only while it is a draft. More room goes to the waiting list at once.

    Raise EditedMeanwhile, VenueTaken, or Refusal when it would hold fewer than have a place.
    """
    event = lock_event(event_id)
    require_seen(event, seen)
    if event.status == EventStatus.CANCELLED:
        raise Refusal("This session is cancelled. Copy it to make a new one.")
    is_draft = event.status == EventStatus.DRAFT
    clashes: tuple[Event, ...] = ()
    if is_draft and plan is not None:
        if stay_of(plan) != stay_of(event):
            clashes = take_venue(stay_of(plan), but_for=event.id, reason=clash_reason)
        shift = plan.starts_at - event.starts_at
        apply_plan(event, plan)
        move_slots(event, shift)
    had_room_for = event.capacity
    _apply_details(event, details, mode=mode if is_draft and mode else event.booking_mode)
    if is_draft or event.capacity != had_room_for:
        fit_room(event)
    if is_draft:
        event.slug = _free_slug(event)
    else:
        event.feed_sequence += 1
    event.changed_at = clock.now()
    db.session.flush()
    if _is_more(event.capacity, had_room_for):
        move_waitlist(event)
    record_audit("session changed", screen=EDITING, subject_type="event", subject_id=event.id)
    record_clashes(event, clashes, reason=clash_reason, screen=EDITING)
    return event


def apply_plan(event: Event, plan: SessionPlan) -> None:
    """Put the plan on the session. Raise Refusal when a place or a link is missing or wrong."""
    needs_venue = plan.delivery != Delivery.ONLINE
    venue = db.session.get(Venue, plan.venue_id) if needs_venue and plan.venue_id else None
    if needs_venue and venue is None:
        raise Refusal("Choose the venue.", field="venue_id")
    if venue is not None and venue.archived_at is not None and venue.id != event.venue_id:
        raise Refusal(f"{venue.name} is put away. Choose another venue, or use it again on its page.", field="venue_id")
    event.title = plan.title
    event.delivery = plan.delivery
    event.starts_at, event.ends_at = plan.starts_at, plan.ends_at
    event.venue_id = venue.id if venue else None
    room = find_room(plan.venue_id, plan.room)
    event.room = (room.name if room else plan.room) if needs_venue else ""
    event.join_url = plan.join_url if plan.delivery != Delivery.IN_PERSON else None
    event.dial_in = plan.dial_in if plan.delivery != Delivery.IN_PERSON else None
    event.venue = venue


def move_slots(event: Event, shift: timedelta) -> None:
    """Let the timed slots follow their session. Raise Refusal when they would end after it."""
    for slot in event.slots:
        slot.starts_at += shift
        slot.ends_at += shift
    if event.slots and max(slot.ends_at for slot in event.slots) > event.ends_at:
        raise Refusal("The timed slots would end after the session. Choose a later end.", field="ends")


def _apply_details(event: Event, details: SessionDetails, *, mode: BookingMode) -> None:
    if event.slots and mode != BookingMode.SLOTS:
        raise Refusal("This session has timed slots. Remove them first.", field="booking_mode")
    event.booking_mode = mode
    event.kind = details.kind
    event.summary = details.summary
    event.description = details.description
    event.walk_ins_allowed = details.walk_ins_allowed or mode == BookingMode.OPEN
    event.audience = details.audience
    event.host = details.host
    event.greeter = details.greeter
    event.people = list(details.people)
    event.agenda = list(details.agenda)
    event.participation = details.participation
    event.co_production = list(details.co_production)
    event.workstreams = list(details.workstreams)
    event.topics = list(details.topics)
    event.busiest = details.busiest if mode == BookingMode.OPEN else ""
    is_booked = mode != BookingMode.OPEN
    event.opens_days_before = details.opens_days_before if is_booked else None
    event.ends_hours_before = details.ends_hours_before if is_booked else None
    event.reminders_off = [kind.value for kind in details.reminders_off]
    event.capacity = _capacity(event, details.capacity)


def _capacity(event: Event, wanted: int | None) -> int | None:
    """Return how many it holds. With timed slots that is their sum; it never goes below what is taken."""
    if event.booking_mode == BookingMode.SLOTS:
        return sum(slot.capacity for slot in event.slots)
    if wanted is not None and wanted < event.places_taken:
        over = event.places_taken - wanted
        raise Refusal(
            f"{event.places_taken} places are taken already. Move or cancel bookings for {over} of them first, "
            f"or keep at least {event.places_taken}.",
            field="capacity",
        )
    return wanted


def is_fewer(event: Event, wanted: int | None) -> bool:
    """Tell whether so many places are fewer than there are, and still enough for those who have one."""
    if event.booking_mode != BookingMode.PLACES or wanted is None or wanted < event.places_taken:
        return False
    return event.capacity is None or wanted < event.capacity


def _is_more(now: int | None, before: int | None) -> bool:
    return before is not None and (now is None or now > before)


def _free_slug(event: Event) -> str:
    """Return title and date as an address that no other session has."""
    day = clock.in_london(event.starts_at).date().isoformat()
    stem = f"{slug_of(event.title, most=60)}-{day}"
    statement = select(Event.slug).where(Event.slug.like(f"{stem}%"))
    if event.id is not None:
        statement = statement.where(Event.id != event.id)
    taken = set(db.session.scalars(statement))
    return next(
        slug for number in range(1, 10_000) if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )
