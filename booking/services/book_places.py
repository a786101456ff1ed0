"""Book places for a family: the place is decided here, once, under the session's lock (`design.md` rule 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Event, Place, Slot
from booking.rules import places as rule
from booking.rules.consent import missing_consent
from booking.rules.words import (
    LIVE,
    BookingMode,
    BookingStatus,
    ChangeKind,
    ConsentSubject,
    ContactBy,
    Origin,
    PersonKind,
)
from booking.services.ask_needs import Need, add_needs, needs_tell
from booking.services.find_family import adults_of, find_or_make_family
from booking.services.identify_booking import free_reference, give_link, new_calendar_uid
from booking.services.keep_consent import keep_consent
from booking.services.locks import lock_event, lock_slot
from booking.services.move_waitlist import is_anyone_waiting, offer_free_places
from booking.services.notify import tell_confirmed, tell_waiting
from booking.services.record_change import record_change
from booking.services.remember_needs import remember_needs
from booking.services.take_places import places_left, take_places

__all__ = ["BookingRequest", "Need", "Person", "book_places"]


@dataclass(frozen=True)
class Person:
    """Somebody who comes; a name is never needed."""

    name: str | None = None
    kind: PersonKind = PersonKind.PARENT_CARER


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """All that a booking is made of. `adults` is one person a place; `accept_waiting_list` says what to do if full."""

    event_id: int
    slot_id: int | None = None
    adults: tuple[Person, ...] = (Person(),)
    children: int = 0
    contact_by: ContactBy = ContactBy.EMAIL
    email: str | None = None
    phone: str | None = None
    outcode: str = ""
    district: str = "unknown"
    lang: str = "en"
    profile: dict[str, Any] | None = None
    question: str | None = None
    needs: tuple[Need, ...] = ()
    consents: tuple[ConsentSubject, ...] = ()
    remember_needs: bool = False
    origin: Origin = Origin.WEB
    draft_id: int | None = None
    group_key: str | None = None
    root_id: int | None = None
    accept_waiting_list: bool = False
    actor: str = "family"


def book_places(request: BookingRequest) -> Booking:
    """Book, or join the waiting list if that was accepted; the same draft twice gives the same booking.

    Raise SessionFull when the family does not fit and the waiting list was not accepted, Conflict when the
    session takes no bookings (any more), Refusal for a missing consent or time.
    """
    event = lock_event(request.event_id)
    if (earlier := _booked_before(request)) is not None:
        return earlier
    _refuse_if_closed(event)
    if subject := _missing_consent(request):
        raise refusals.consent_missing(subject)
    slot = _lock_time(request, event)
    has_room = _has_room(request, event, slot)
    if not has_room and not request.accept_waiting_list:
        raise _no_room(event, slot)
    booking = _write_down(request, event, slot)
    if has_room:
        _confirm(booking, event, actor=request.actor)
    else:
        _join_waitlist(booking, event, actor=request.actor)
    return booking


def _booked_before(request: BookingRequest) -> Booking | None:
    if request.draft_id is None:
        return None
    return db.session.scalar(select(Booking).where(Booking.draft_id == request.draft_id))


def _refuse_if_closed(event: Event) -> None:
    why = rule.why_closed(
        status=event.status,
        mode=event.booking_mode,
        new_date_pending=event.new_date_pending,
        starts_at=event.starts_at,
        now=clock.now(),
    )
    if why is not None:
        raise refusals.closed(why)


def _missing_consent(request: BookingRequest) -> ConsentSubject | None:
    return missing_consent(
        has_needs=needs_tell(request.needs), has_profile=bool(request.profile), given=request.consents
    )


def _lock_time(request: BookingRequest, event: Event) -> Slot | None:
    if event.booking_mode != BookingMode.SLOTS:
        return None
    if request.slot_id not in {slot.id for slot in event.slots}:
        raise refusals.no_such_time()
    assert request.slot_id is not None
    return lock_slot(request.slot_id)


def _has_room(request: BookingRequest, event: Event, slot: Slot | None) -> bool:
    """Tell whether the family fits whole; while anyone waits, a newcomer joins the queue instead (J9)."""
    needed = rule.places_needed((person.kind for person in request.adults), event.booking_mode)
    if needed and is_anyone_waiting(event, role=slot.role if slot else None):
        return False
    return rule.fits(needed, places_left(event, slot))


def _no_room(event: Event, slot: Slot | None) -> Exception:
    waiting = is_anyone_waiting(event, role=slot.role if slot else None)
    if slot is not None and not waiting and _other_times(event, slot):
        return refusals.time_gone()
    left = places_left(event, slot) or 0
    return refusals.others_wait() if waiting and left else refusals.full(left)


def _other_times(event: Event, slot: Slot) -> bool:
    now = clock.now()
    same = (other for other in event.slots if other.role == slot.role and other.starts_at > now)
    return any(places_left(event, other) for other in same)


def _write_down(request: BookingRequest, event: Event, slot: Slot | None) -> Booking:
    family = find_or_make_family(email=request.email, phone=request.phone)
    if slot is not None and family.id is not None:
        _refuse_too_many_times(event, slot, family_id=family.id)
    people = [(person.name, person.kind) for person in request.adults]
    booking = Booking(
        event_id=event.id,
        event=event,
        slot_id=slot.id if slot else None,
        family=family,
        draft_id=request.draft_id,
        group_key=request.group_key,
        root_id=request.root_id,
        reference=free_reference(),
        status=BookingStatus.WAITING,
        origin=request.origin,
        lang=request.lang,
        contact_by=request.contact_by,
        email=request.email,
        phone=request.phone,
        children=request.children,
        outcode=request.outcode,
        district=request.district,
        profile=request.profile or None,
        question=request.question or None,
        ical_uid=new_calendar_uid(),
        places=[Place(adult=adult, kind=adult.kind) for adult in adults_of(family, people)],
    )
    db.session.add(booking)
    db.session.flush()
    give_link(booking)
    _keep_needs(booking, request, event)
    return booking


def _refuse_too_many_times(event: Event, slot: Slot, *, family_id: int) -> None:
    has = db.session.scalar(
        select(func.count(Booking.id))
        .join(Slot, Booking.slot_id == Slot.id)
        .where(
            Booking.family_id == family_id,
            Booking.event_id == event.id,
            Booking.status.in_(LIVE),
            Slot.role == slot.role,
        )
    )
    allowed = rule.times_allowed(starts_at=event.starts_at, now=clock.now())
    if (has or 0) >= allowed:
        raise refusals.too_many_times(allowed)


def _keep_needs(booking: Booking, request: BookingRequest, event: Event) -> None:
    assert booking.family is not None
    channel = request.origin.value
    if request.profile:
        keep_consent(booking, ConsentSubject.PROFILE, given=True, channel=channel)
    if not request.needs:
        return
    add_needs(booking, request.needs, event=event)
    if ConsentSubject.NEEDS in request.consents:
        keep_consent(booking, ConsentSubject.NEEDS, given=True, channel=channel)
    if request.remember_needs:
        remember_needs(booking, request.needs)
        keep_consent(booking, ConsentSubject.REMEMBER_NEEDS, given=True, channel=channel)


def _confirm(booking: Booking, event: Event, *, actor: str) -> None:
    booking.status = BookingStatus.CONFIRMED
    booking.confirmed_at = clock.now()
    take_places(booking, event)
    record_change(booking, ChangeKind.BOOKED, actor=actor, places=len(booking.places))
    tell_confirmed(booking)


def _join_waitlist(booking: Booking, event: Event, *, actor: str) -> None:
    booking.queued_at = clock.now()
    record_change(booking, ChangeKind.JOINED_LIST, actor=actor, places=len(booking.places))
    offer_free_places(event)
    if booking.status == BookingStatus.WAITING:
        tell_waiting(booking)
