"""Give a family a place at another session instead of the one it has, in one deed."""

from __future__ import annotations

from booking.errors import Refusal
from booking.extensions import db
from booking.models import Booking
from booking.queries.remembered import root_of
from booking.rules.words import CancelledBy, ConsentSubject, Origin
from booking.services.ask_needs import asked_for
from booking.services.book_places import BookingRequest, Helper, Person, book_places
from booking.services.cancel_booking import cancel_booking
from booking.services.lock_live import lock_live
from booking.services.locks import lock_event


def move_booking(
    booking_id: int, event_id: int, *, actor: str, slot_id: int | None = None, keeps_needs: bool = False
) -> Booking:
    """Book the same people at another session, then cancel here; return the new booking.

    `keeps_needs` says that the family was asked, and agrees that what would make it easier to come goes with it.
    The family is told twice: of the new place, and that the old one is given back.

    Raise SessionFull or Conflict when the other session has no room or takes no bookings: nothing changes then.
    """
    old_event_id = db.session.get_one(Booking, booking_id).event_id
    if old_event_id == event_id:
        raise Refusal("This is the session they have booked already. Choose another one.", field="event")
    for number in sorted((old_event_id, event_id)):
        lock_event(number)
    booking = lock_live(booking_id)
    if booking.extends_id is not None:
        raise Refusal("These places are waited for beside a booking. Move that booking instead.", field="event")
    moved = book_places(_request(booking, event_id, slot_id=slot_id, keeps_needs=keeps_needs, actor=actor))
    moved.is_discreet = booking.is_discreet
    cancel_booking(booking.id, by=CancelledBy.FAMILY, actor=actor)
    return moved


def _request(booking: Booking, event_id: int, *, slot_id: int | None, keeps_needs: bool, actor: str) -> BookingRequest:
    people = [(place.adult.name if place.adult else None, place.kind) for place in booking.places]
    has_helper = booking.helper_name is not None and booking.helper_kind is not None
    return BookingRequest(
        event_id=event_id,
        slot_id=slot_id,
        longer=booking.second_slot_id is not None,
        adults=tuple(Person(name, kind) for name, kind in people),
        children=booking.children,
        contact_by=booking.contact_by,
        email=booking.email,
        phone=booking.phone,
        may_text=booking.may_text,
        wants_morning_text=booking.wants_morning_text,
        outcode=booking.outcode,
        district=booking.district,
        lang=booking.lang,
        question=booking.question,
        needs=tuple(asked_for(booking).values()) if keeps_needs else (),
        consents=(ConsentSubject.NEEDS,) if keeps_needs else (),
        origin=Origin.PHONE,
        helper=Helper(booking.helper_name or "", booking.helper_kind) if has_helper and booking.helper_kind else None,
        root_id=root_of(booking) if booking.family_id else None,
        family_id=booking.family_id,
        actor=actor,
    )
