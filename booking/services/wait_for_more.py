"""Let a family that has places wait for more of them: a booking of its own on the list, which then joins the first."""

from __future__ import annotations

from collections.abc import Sequence

from booking import clock
from booking.errors import SessionFull
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Place
from booking.queries.extensions import extension_of
from booking.queries.remembered import root_of
from booking.rules.words import PARTICIPANTS, BookingStatus, ChangeKind, PersonKind
from booking.services.change_booking import change_adults
from booking.services.find_family import adults_of
from booking.services.identify_booking import free_reference, give_link, new_calendar_uid
from booking.services.lock_live import lock_live
from booking.services.move_waitlist import offer_free_places
from booking.services.notify import tell_waiting
from booking.services.record_change import record_change


def wait_for_more(booking_id: int, *, adults: int, names: Sequence[str] = (), actor: str = "family") -> Booking:
    """Keep the places there are and wait for as many more as make `adults`; take them at once if they are free now.

    Return the booking that was asked about. Twice does no harm: a family waits for more once.
    """
    booking = lock_live(booking_id)
    if extension_of(booking) is not None:
        return booking
    try:
        return change_adults(booking_id, adults=adults, names=names, actor=actor)
    except SessionFull:
        if booking.status != BookingStatus.CONFIRMED:
            raise
    _join_list(booking, more=adults - _coming(booking), names=names, actor=actor)
    return booking


def _join_list(booking: Booking, *, more: int, names: Sequence[str], actor: str) -> None:
    if booking.family is None:
        raise refusals.too_few_for_more(0)
    given: list[str | None] = [*names[:more], *[None] * (more - len(names))]
    here = {place.adult_id for place in booking.places}
    people = adults_of(booking.family, [(name, PersonKind.PARENT_CARER) for name in given], besides=here)
    extension = Booking(
        event_id=booking.event_id,
        event=booking.event,
        extends_id=booking.id,
        root_id=root_of(booking),
        family=booking.family,
        reference=free_reference(),
        status=BookingStatus.WAITING,
        origin=booking.origin,
        lang=booking.lang,
        contact_by=booking.contact_by,
        email=booking.email,
        phone=booking.phone,
        may_text=booking.may_text,
        wants_morning_text=booking.wants_morning_text,
        outcode=booking.outcode,
        district=booking.district,
        ical_uid=new_calendar_uid(),
        queued_at=clock.now(),
        places=[Place(adult=adult, kind=adult.kind) for adult in people],
    )
    db.session.add(extension)
    db.session.flush()
    give_link(extension)
    record_change(extension, ChangeKind.JOINED_LIST, actor=actor, places=more)
    offer_free_places(booking.event)
    if extension.status == BookingStatus.WAITING:
        tell_waiting(extension)


def _coming(booking: Booking) -> int:
    return sum(place.kind in PARTICIPANTS for place in booking.places)
