"""Change how to reach a family: the link is made anew, the calendar entry moves to the new address (J13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Event
from booking.queries.chain import others_of
from booking.queries.extensions import extension_of
from booking.rules.contact import normal_email, normal_phone
from booking.rules.words import BookingStatus, ChangeKind, Channel, ContactBy
from booking.services.find_family import know_family_by
from booking.services.identify_booking import give_link, new_calendar_uid
from booking.services.lock_live import lock_live
from booking.services.locks import lock_event
from booking.services.notify import (
    as_it_is,
    tell_confirmed,
    tell_link,
    tell_offer,
    tell_old_address,
    tell_postponed,
    tell_waiting,
    withdraw_unsent,
)
from booking.services.record_change import record_change
from booking.services.send_link import void_links_beside


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How a family wants to hear from us."""

    contact_by: ContactBy
    email: str | None = None
    phone: str | None = None
    may_text: bool | None = None
    wants_morning_text: bool = False


def change_contact(booking_id: int, contact: Contact, *, with_others: bool = False, actor: str = "family") -> Booking:
    """Give a booking this contact, and with it the other dates of its course, whose pages lead to one another.

    The other coming bookings of its chain get it too if that is asked for.

    A new address gets the invitation as a new entry; the old one loses its entry and is told, without details.
    Another address or number makes older links void. The booking stays with its family.
    """
    booking = _whose_contact_it_is(db.session.get_one(Booking, booking_id))
    first, version = booking.id, booking.link_version
    numbers = [first, *others_of(booking, of_course_only=not with_others)]
    _lock_sessions(numbers)
    for number in sorted(numbers):
        booking = lock_live(number)
        _change(booking, contact, actor=actor)
        if extension := extension_of(booking):
            _change(extension, contact, actor=actor)
            numbers.append(extension.id)
    booking = lock_live(first)
    if booking.link_version != version:
        void_links_beside(booking, besides=numbers)
    return lock_live(booking_id)


def _whose_contact_it_is(booking: Booking) -> Booking:
    """Return the booking whose family waits for more here: the two have one contact, from whichever page it changes."""
    if booking.extends_id is None or booking.status == BookingStatus.CANCELLED:
        return booking
    return db.session.get_one(Booking, booking.extends_id)


def _lock_sessions(booking_ids: Sequence[int]) -> None:
    statement = select(Booking.event_id).where(Booking.id.in_(booking_ids))
    for event_id in db.session.scalars(statement.join(Event).order_by(Booking.event_id).distinct()):
        lock_event(event_id)


def _change(booking: Booking, contact: Contact, *, actor: str) -> None:
    old = booking.email
    new_address = normal_email(old or "") != normal_email(contact.email or "")
    new_number = _number(booking.phone) != _number(contact.phone)
    booking.contact_by = contact.contact_by
    if contact.may_text is not None:
        booking.wants_morning_text = contact.wants_morning_text
    booking.may_text = _may_text(booking, contact, new_number=new_number)
    booking.wants_morning_text = booking.wants_morning_text and booking.may_text
    if not (new_address or new_number):
        return
    booking.link_version += 1
    give_link(booking)
    if booking.extends_id is None:
        know_family_by(booking, email=contact.email, phone=contact.phone)
    if new_number:
        withdraw_unsent(booking, Channel.TEXT)
    if new_address:
        withdraw_unsent(booking, Channel.EMAIL)
    if new_address and old:
        tell_old_address(booking, address=old)
    booking.phone = contact.phone
    if new_address:
        booking.email = contact.email
        booking.ical_uid, booking.ical_sequence, booking.ical_address = new_calendar_uid(), 0, None
    record_change(booking, ChangeKind.CONTACT_CHANGED, actor=actor, email=new_address, phone=new_number)
    _tell(booking, new_address=new_address)


def _tell(booking: Booking, *, new_address: bool) -> None:
    """Send the new link; to a new address with all that the old one was told."""
    if booking.extends_id is not None and not new_address:
        return
    if not new_address:
        tell_link(booking)
    elif booking.event.new_date_pending:
        tell_postponed(booking, as_it_is(booking.event))
    elif booking.status == BookingStatus.CONFIRMED:
        tell_confirmed(booking)
    elif booking.status == BookingStatus.OFFERED:
        tell_offer(booking)
    else:
        tell_waiting(booking)


def _number(text: str | None) -> str:
    return (normal_phone(text) or text) if text else ""


def _may_text(booking: Booking, contact: Contact, *, new_number: bool) -> bool:
    """Return what the family says, if it was asked; a yes for one number is no yes for another."""
    if contact.may_text is not None:
        return contact.may_text and contact.phone is not None
    return booking.may_text and not new_number
