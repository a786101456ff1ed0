"""Make the register say who came without a place, as it was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from booking.extensions import db
from booking.models import Adult, Booking, DoorEvent, Event, Family, Place
from booking.queries.register import get_room
from booking.rules.taps import About, subject_of
from booking.rules.words import BookingStatus, CancelledBy, ContactBy, HeldReason, Origin, Outcome, PersonKind
from booking.services.identify_booking import free_reference, new_calendar_uid
from booking.services.seat_walk_in import unseat_walk_in
from booking.services.settle_attendance import CannotCount, Mark, lock_booking_here, note_deed, write_outcome

NOBODY_SAID = "Recorded on a phone without a signal"
"""Why there are more people in the room than it holds, when the phones could not know of each other."""

_People = Sequence[tuple[Adult | None, PersonKind]]


def settle_walk_in(told: DoorEvent, said: Mapping[str, Any], mark: Mark, *, is_here: bool) -> None:
    """Let in, or take back, somebody who did not book.

    `told` is the decision that let them in first, with their names and how many they are. `said` is what was said of
    them last: where they live, how many children they brought, whether it is their first time.
    """
    mark = replace(mark, since=told.at)  # who is taken back by mistake and added again came the first time
    booking = walk_in_of(mark.event_id, told.subject)
    if booking is not None:
        _stand(booking, mark, is_here=is_here)
        _describe(booking, said)
        return
    event = db.session.get_one(Event, mark.event_id)
    if not event.walk_ins_allowed:
        raise CannotCount(HeldReason.NOT_ALLOWED, "This session takes no walk-ins.")
    adults = told.value["adults"]
    if is_here:
        _note_fire_limit(mark, adults + said["children"], reason=told.value["override"])
    names = tuple((told.words or {}).get("names", ()))
    family = Family() if names else None
    booking = _walk_in(told.subject, mark, family=family)
    _describe(booking, said)
    _add(booking, _people(names, adults, family), mark, is_here=is_here)
    told.words = None
    db.session.flush()


def _describe(booking: Booking, said: Mapping[str, Any]) -> None:
    booking.children, booking.outcode, booking.district = said["children"], said["outcode"], said["district"]
    booking.is_first_time = said["first_time"]


def settle_came(
    booking_id: int, mark: Mark, said: Mapping[str, Any] | None = None, *, is_here: bool, override: str = ""
) -> None:
    """Let in, or take back, a family from the waiting list, or one that had cancelled.

    `said` is what was said of them at the door, if anything was: their children, and whether it is their first time.
    """
    booking = walk_in_of(mark.event_id, subject_of(About.CAME, booking_id))
    if booking is not None:
        _stand(booking, mark, is_here=is_here)
        _say_who_came(booking, said)
        return
    source = lock_booking_here(booking_id, mark)
    if source.status == BookingStatus.CONFIRMED:
        raise CannotCount(HeldReason.HAS_PLACE, "This family has a place now. Find them in the list.")
    if not is_here:
        return
    _note_fire_limit(mark, len(source.places) + source.children, reason=override)
    booking = _walk_in(subject_of(About.CAME, booking_id), mark, family=source.family)
    booking.children, booking.outcode, booking.district = source.children, source.outcode, source.district
    booking.profile = source.profile
    _say_who_came(booking, said)
    _add(booking, [(place.adult, place.kind) for place in source.places], mark, is_here=True)


def _say_who_came(booking: Booking, said: Mapping[str, Any] | None) -> None:
    if said is not None:
        booking.children, booking.is_first_time = said["children"], said["first_time"]


def walk_in_of(event_id: int, subject: str) -> Booking | None:
    """Find who walked in by what the door calls them."""
    return db.session.scalar(select(Booking).where(Booking.event_id == event_id, Booking.door_subject == subject))


def _stand(booking: Booking, mark: Mark, *, is_here: bool) -> None:
    """Take somebody back who was added by mistake (the row stays, cancelled, and counts nowhere), or add them again."""
    was_here = booking.status == BookingStatus.CONFIRMED
    if was_here != is_here:
        action = "add_walk_in" if is_here else "remove_walk_in"
        note_deed(action, mark, {"booking": booking.id, "adults": len(booking.places)})
        unseat_walk_in(booking, is_counted=was_here)
    _say_status(booking, mark, is_here=is_here)
    for place in booking.places:
        write_outcome(place, place.outcome, mark)


def _add(booking: Booking, people: _People, mark: Mark, *, is_here: bool) -> None:
    db.session.add(booking)
    _say_status(booking, mark, is_here=is_here)
    for adult, kind in people:
        place = Place(adult=adult, kind=kind)
        booking.places.append(place)
        write_outcome(place, Outcome.ATTENDED, mark)
    note_deed("add_walk_in", mark, {"booking": booking.id, "adults": len(people)})
    if not is_here:
        note_deed("remove_walk_in", mark, {"booking": booking.id, "adults": len(people)})


def _walk_in(subject: str, mark: Mark, *, family: Family | None) -> Booking:
    """Begin the booking; it stands outside `places_taken` and sends no message."""
    if family is not None:
        db.session.add(family)
    return Booking(
        event_id=mark.event_id,
        family=family,
        reference=free_reference(),
        origin=Origin.WALK_IN,
        contact_by=ContactBy.RING_ME,
        ical_uid=new_calendar_uid(),
        door_subject=subject,
    )


def _say_status(booking: Booking, mark: Mark, *, is_here: bool) -> None:
    booking.status = BookingStatus.CONFIRMED if is_here else BookingStatus.CANCELLED
    booking.cancelled_by = None if is_here else CancelledBy.US
    booking.cancelled_at = None if is_here else mark.at
    booking.confirmed_at = mark.since
    db.session.flush()


def _people(names: Sequence[str], adults: int, family: Family | None) -> _People:
    """Name as many as gave a name; without one they stay anonymous and are no family reached."""
    if family is None:
        return [(None, PersonKind.PARENT_CARER)] * adults
    named = [Adult(family=family, name=name) for name in (*names, *[None] * adults)[:adults]]
    db.session.add_all(named)
    return [(adult, PersonKind.PARENT_CARER) for adult in named]


def _note_fire_limit(mark: Mark, more: int, *, reason: str) -> None:
    """Keep in the audit that more are in the room than it holds, and who answers for it. They are in: it counts."""
    room = get_room(mark.event_id)
    if room.has_room_for(more):
        return
    facts: dict[str, object] = {"inside": room.inside, "fire_limit": room.fire_limit, "more": more}
    note_deed("override_fire_limit", mark, facts, reason=reason or NOBODY_SAID)
