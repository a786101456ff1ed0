"""Change how many adults come, or what would make it easier to come."""

from __future__ import annotations

from collections.abc import Sequence

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Event, NeedRequest, Place
from booking.queries.extensions import extension_of
from booking.queries.remembered import remembered_for
from booking.rules import places as rule
from booking.rules.consent import missing_consent
from booking.rules.waitlist import is_staff_to_ring
from booking.rules.words import (
    HOLDS_PLACES,
    PARTICIPANTS,
    BookingMode,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    ConsentSubject,
    ForWhom,
    NeedState,
    PersonKind,
)
from booking.services.ask_needs import Need, add_needs, needs_tell
from booking.services.cancel_booking import cancel_booking
from booking.services.change_need_state import start_again
from booking.services.find_family import adults_of
from booking.services.keep_consent import keep_consent
from booking.services.lock_live import lock_live
from booking.services.move_waitlist import is_anyone_waiting, move_waitlist, offer_free_places
from booking.services.record_change import record_change
from booking.services.remember_needs import remember_needs
from booking.services.take_places import count_more, places_left, stands_outside

MOST_ADULTS = 6
OVER = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)


def change_adults(booking_id: int, *, adults: int, names: Sequence[str] = (), actor: str = "family") -> Booking:
    """Set how many participants come, 1 to 6; more only into free places. `names` are the added ones', if given.

    Raise SessionFull, which says how many places are left, and change nothing.
    """
    if not 1 <= adults <= MOST_ADULTS:
        raise refusals.wrong_number_of_adults(MOST_ADULTS)
    booking = lock_live(booking_id)
    coming = [place for place in booking.places if place.kind in PARTICIPANTS]
    more = adults - len(coming)
    if more == 0:
        return booking
    _settle_extension(booking, more, actor=actor)
    event = booking.event
    holds_places = booking.status in HOLDS_PLACES and not stands_outside(booking)
    counted = holds_places and event.booking_mode != BookingMode.SLOTS
    if more > 0:
        if counted:
            _refuse_if_full(event, more)
        _add_people(booking, more, names)
    else:
        _take_away(booking, coming[adults:])
    if counted:
        count_more(event, by=more)
    record_change(booking, ChangeKind.ADULTS_CHANGED, actor=actor, was=len(coming), now=adults)
    if counted and more < 0:
        move_waitlist(event)
    elif booking.status == BookingStatus.WAITING:
        offer_free_places(event)
    return booking


def change_needs(
    booking_id: int,
    *,
    needs: Sequence[Need],
    consents: Sequence[ConsentSubject] = (),
    remember: bool = False,
    actor: str = "family",
    channel: str = "web",
) -> Booking:
    """Set what would make it easier to come. What is not asked for any more is marked so; staff see it.

    Raise Refusal when something is asked for without consent.
    """
    if subject := missing_consent(has_needs=needs_tell(needs), has_profile=False, given=consents):
        raise refusals.consent_missing(subject)
    booking = lock_live(booking_id)
    wanted = {need.code: need for need in needs}
    open_now = {request.code: request for request in booking.needs if request.state not in OVER}
    for code, request in open_now.items():
        if code not in wanted:
            request.state, request.detail = NeedState.NO_LONGER_NEEDED, None
        elif _said(wanted[code]) != _said(request):
            start_again(request, NeedState.REQUESTED)
            request.detail, request.for_whom = _said(wanted[code])
    add_needs(booking, [need for code, need in wanted.items() if code not in open_now], event=booking.event)
    if ConsentSubject.NEEDS in consents or not needs_tell(needs):
        keep_consent(booking, ConsentSubject.NEEDS, given=needs_tell(needs), channel=channel)
    _remember(booking, needs, remember=remember, channel=channel)
    record_change(booking, ChangeKind.NEEDS_CHANGED, actor=actor, asked_for=len(wanted))
    return booking


def _said(need: Need | NeedRequest) -> tuple[str | None, ForWhom | None]:
    return need.detail or None, need.for_whom


def _settle_extension(booking: Booking, more: int, *, actor: str) -> None:
    """Whoever waits for more has its turn; whoever comes with fewer waits for no more."""
    extension = extension_of(booking)
    if extension is None:
        return
    if more > 0:
        raise refusals.waits_already(len(extension.places))
    cancel_booking(extension.id, by=CancelledBy.FAMILY, actor=actor, tell=False)


def _refuse_if_full(event: Event, more: int) -> None:
    """Refuse what does not fit. Whoever waits has been asked first, except when only staff may ask."""
    offer_free_places(event)
    left = places_left(event, None)
    if is_staff_to_ring(clock.now(), starts_at=event.starts_at) and is_anyone_waiting(event):
        left = 0
    if not rule.fits(more, left):
        raise refusals.too_few_for_more(left or 0)


def _add_people(booking: Booking, more: int, names: Sequence[str]) -> None:
    given: list[str | None] = [*names[:more], *[None] * (more - len(names))]
    people = [(name, PersonKind.PARENT_CARER) for name in given]
    if booking.family is None:
        booking.places += [Place(kind=kind) for _name, kind in people]
    else:
        here = {place.adult_id for place in booking.places}
        added = adults_of(booking.family, people, besides=here)
        booking.places += [Place(adult=adult, kind=adult.kind) for adult in added]
    db.session.flush()


def _take_away(booking: Booking, leaving: Sequence[Place]) -> None:
    for place in leaving:
        booking.places.remove(place)
    db.session.flush()


def _remember(booking: Booking, needs: Sequence[Need], *, remember: bool, channel: str) -> None:
    if booking.family is None or not (remember or remembered_for(booking)):
        return
    remember_needs(booking, needs if remember else ())
    keep_consent(booking, ConsentSubject.REMEMBER_NEEDS, given=remember and bool(needs), channel=channel)
