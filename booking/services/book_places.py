"""Book places for a family: the place is decided here, once, under the session's lock (`design.md` rule 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Draft, Event, Family, Place, Slot
from booking.rules import places as rule
from booking.rules.consent import missing_consent
from booking.rules.times import NEEDS_TWO
from booking.rules.words import (
    LIVE,
    PARTICIPANTS,
    BookingMode,
    BookingStatus,
    ChangeKind,
    ConsentSubject,
    ContactBy,
    HelperKind,
    Origin,
    PersonKind,
)
from booking.services.ask_needs import Need, add_needs, needs_tell
from booking.services.find_family import adults_of, find_or_make_family
from booking.services.find_time import Appointment, ask_for_time, free_starts, is_free, set_time
from booking.services.identify_booking import free_reference, give_link, new_calendar_uid
from booking.services.keep_consent import keep_consent
from booking.services.locks import lock_event
from booking.services.move_waitlist import is_anyone_waiting, offer_free_places
from booking.services.notify import tell_confirmed, tell_waiting
from booking.services.record_change import record_change
from booking.services.remember_needs import remember_needs
from booking.services.take_places import places_left, take_places

__all__ = ["BookingRequest", "Helper", "Need", "Person", "book_places", "mark_of"]


BY_STAFF = (Origin.PHONE, Origin.STAFF)
"""Who books on the telephone may do it before booking opens and after it has ended."""


@dataclass(frozen=True)
class Person:
    """Somebody who comes; a name is never needed."""

    name: str | None = None
    kind: PersonKind = PersonKind.PARENT_CARER


@dataclass(frozen=True)
class Helper:
    """Somebody a family trusts, who books for it and has said that the family agreed (J12)."""

    name: str
    kind: HelperKind


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """All that a booking is made of. `adults` is one person a place, `longer` asks for two times in a row.

    `accept_waiting_list` says what to do if full; `seen` are the marks of the sessions as the family saw them.
    `family_id` where it is known whose booking it is: else the family is found by its contact.
    """

    event_id: int
    slot_id: int | None = None
    longer: bool = False
    adults: tuple[Person, ...] = (Person(),)
    children: int = 0
    contact_by: ContactBy = ContactBy.EMAIL
    email: str | None = None
    phone: str | None = None
    may_text: bool = False
    wants_morning_text: bool = False
    outcode: str = ""
    district: str = "unknown"
    lang: str = "en"
    profile: dict[str, Any] | None = None
    question: str | None = None
    needs: tuple[Need, ...] = ()
    consents: tuple[ConsentSubject, ...] = ()
    remember_needs: bool = False
    origin: Origin = Origin.WEB
    helper: Helper | None = None
    draft_id: int | None = None
    seen: tuple[str, ...] = ()
    group_key: str | None = None
    root_id: int | None = None
    family_id: int | None = None
    accept_waiting_list: bool = False
    actor: str = "family"


def book_places(request: BookingRequest) -> Booking:
    """Book, or join the waiting list if that was accepted; the same draft twice gives the same booking.

    Raise Moved when the session is not when and where the family saw it, SessionFull when the family does not fit
    and the waiting list was not accepted, Conflict when the session takes no bookings (any more), Refusal for a
    missing consent or time.
    """
    event = lock_event(request.event_id)
    if (earlier := _booked_before(request)) is not None:
        return earlier
    _refuse_if_closed(event, by_staff=request.origin in BY_STAFF)
    if request.seen and mark_of(event) not in request.seen:
        raise refusals.moved(event)
    if subject := _missing_consent(request):
        raise refusals.consent_missing(subject)
    time = _ask_for_time(request, event)
    has_room = _has_room(request, event, time)
    if not has_room and not request.accept_waiting_list:
        raise _no_room(event, time)
    booking = _write_down(request, event, time)
    if has_room:
        _confirm(booking, event, actor=request.actor)
    else:
        _join_waitlist(booking, event, actor=request.actor)
    return booking


def mark_of(event: Event) -> str:
    """Return the mark by which a page remembers when and where it showed a session."""
    return rule.as_shown(event.id, starts_at=event.starts_at, venue_id=event.venue_id)


def _booked_before(request: BookingRequest) -> Booking | None:
    if request.draft_id is None:
        return None
    return db.session.scalar(select(Booking).where(Booking.draft_id == request.draft_id))


def _refuse_if_closed(event: Event, *, by_staff: bool) -> None:
    why = rule.why_closed(
        status=event.status,
        mode=event.booking_mode,
        new_date_pending=event.new_date_pending,
        starts_at=event.starts_at,
        now=clock.now(),
        window=None if by_staff else event.window,
    )
    if why is not None:
        raise refusals.closed(why, opens_at=event.window.opens_at)


def _missing_consent(request: BookingRequest) -> ConsentSubject | None:
    return missing_consent(
        has_needs=needs_tell(request.needs), has_profile=bool(request.profile), given=request.consents
    )


def _ask_for_time(request: BookingRequest, event: Event) -> Appointment | None:
    if event.booking_mode != BookingMode.SLOTS:
        return None
    slot = next((slot for slot in event.slots if slot.id == request.slot_id), None)
    if slot is None:
        raise refusals.no_such_time()
    for_need = any(need.code == NEEDS_TWO for need in request.needs)
    return ask_for_time(event, slot, longer=request.longer, for_need=for_need)


def _has_room(request: BookingRequest, event: Event, time: Appointment | None) -> bool:
    """Tell whether the family fits whole; while anyone waits, a newcomer joins the queue instead (J9)."""
    needed = rule.places_needed((person.kind for person in request.adults), event.booking_mode)
    if needed and is_anyone_waiting(event, role=time.first.role if time else None):
        return False
    if time is not None:
        return time.first.id == request.slot_id and is_free(event, time)
    return rule.fits(needed, places_left(event, None))


def _no_room(event: Event, time: Appointment | None) -> Exception:
    waiting = is_anyone_waiting(event, role=time.first.role if time else None)
    if time is not None and not waiting and (others := _other_starts(event, time)):
        return refusals.take_another(others) if time.second else refusals.time_gone()
    if time is not None and time.second is not None and not waiting:
        return refusals.no_two_in_a_row()
    left = places_left(event, time.first if time else None) or 0
    return refusals.others_wait() if waiting and left else refusals.full(left)


def _other_starts(event: Event, time: Appointment) -> list[datetime]:
    return free_starts(event, time.first.role, longer=time.second is not None)


def _write_down(request: BookingRequest, event: Event, time: Appointment | None) -> Booking:
    family = _family_of(request)
    if time is not None and family.id is not None:
        _refuse_too_many_times(request, time.first, family_id=family.id)
    booking = Booking(
        event_id=event.id,
        event=event,
        family=family,
        draft_id=request.draft_id,
        group_key=request.group_key,
        root_id=request.root_id,
        reference=free_reference(),
        status=BookingStatus.WAITING,
        origin=request.origin,
        helper_name=request.helper.name if request.helper else None,
        helper_kind=request.helper.kind if request.helper else None,
        lang=request.lang,
        contact_by=request.contact_by,
        email=request.email,
        phone=request.phone,
        may_text=request.may_text and request.phone is not None,
        wants_morning_text=request.may_text and request.wants_morning_text and request.phone is not None,
        children=request.children,
        outcode=request.outcode,
        district=request.district,
        profile=request.profile or None,
        question=request.question or None,
        ical_uid=new_calendar_uid(),
        places=_places(request, family),
    )
    if time is not None:
        set_time(booking, time)
    db.session.add(booking)
    db.session.flush()
    give_link(booking)
    _keep_needs(booking, request, event)
    return booking


def _family_of(request: BookingRequest) -> Family:
    if request.family_id is not None:
        return db.session.get_one(Family, request.family_id, with_for_update=True)
    return find_or_make_family(email=request.email, phone=request.phone)


def _places(request: BookingRequest, family: Family) -> list[Place]:
    """Give everybody a place; a supporter or an interpreter without a name is nobody we need to know again."""
    known = [each for each in request.adults if each.name or each.kind in PARTICIPANTS]
    adults = adults_of(family, [(person.name, person.kind) for person in known])
    besides = [person for person in request.adults if person not in known]
    return [Place(adult=adult, kind=adult.kind) for adult in adults] + [Place(kind=each.kind) for each in besides]


def _refuse_too_many_times(request: BookingRequest, slot: Slot, *, family_id: int) -> None:
    """Refuse one more time with a professional; on the web only to who made the others (ADR 0010)."""
    statement = (
        select(func.count(Booking.id))
        .join(Slot, Booking.slot_id == Slot.id)
        .where(
            Booking.family_id == family_id,
            Booking.event_id == request.event_id,
            Booking.status.in_(LIVE),
            Slot.role == slot.role,
        )
    )
    if request.draft_id is not None:
        statement = statement.where(_made_by_who_asks(request))
    allowed = rule.times_allowed(starts_at=slot.event.starts_at, now=clock.now())
    if (db.session.scalar(statement) or 0) >= allowed:
        raise refusals.too_many_times(allowed)


def _made_by_who_asks(request: BookingRequest) -> ColumnElement[bool]:
    """Select the bookings of the browser that asks, and those that led to this one."""
    browser = select(Draft.browser_digest).where(Draft.id == request.draft_id).scalar_subquery()
    theirs = Booking.draft_id.in_(select(Draft.id).where(Draft.browser_digest == browser))
    if request.root_id is None:
        return theirs
    return or_(theirs, Booking.id == request.root_id, Booking.root_id == request.root_id)


def _keep_needs(booking: Booking, request: BookingRequest, event: Event) -> None:
    assert booking.family is not None
    channel = request.origin.value
    if request.helper:
        keep_consent(booking, ConsentSubject.HELPER, given=True, channel=channel)
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
