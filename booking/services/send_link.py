"""Send families the link to their own page again, or give them a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from booking import clock, texts
from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import Booking, Event, Family, Message
from booking.queries.extensions import is_a_family
from booking.rules.contact import normal_email
from booking.rules.texts import mobile_number
from booking.rules.words import LIVE, ChangeKind, Channel, MessageKind
from booking.services.identify_booking import give_link
from booking.services.locks import lock_booking
from booking.services.notify import tell_link
from booking.services.record_change import record_change

MOST_A_DAY = 5
"""Link messages to one address or number in 24 hours: nobody can fill a stranger's mailbox."""


def send_links(email: str) -> int:
    """Send the link of every coming booking made with this address; return how many were sent."""
    wanted = normal_email(email)
    address_hash = lookup_hash("email", wanted)
    found = _coming(Family.email_hash == address_hash, address_hash)
    return _send(
        [booking for booking in found if booking.email and normal_email(booking.email) == wanted],
        address_hash,
        by=Channel.EMAIL,
    )


def text_links(phone: str) -> int:
    """Text the link of every coming booking made with this mobile number to it; return how many were sent.

    Nobody is texted who did not say that we may, or while texts are off.
    """
    wanted = mobile_number(phone)
    if wanted is None or not texts.are_on():
        return 0
    address_hash = lookup_hash("phone", wanted)
    found = _coming(Family.phone_hash == address_hash, address_hash)
    return _send(
        [booking for booking in found if texts.reaches(booking) and mobile_number(booking.phone) == wanted],
        address_hash,
        by=Channel.TEXT,
    )


def renew_link(booking_id: int, *, actor: str) -> Booking:
    """Make every older link of a booking void, with those whose pages lead to it, and send the new one."""
    booking = lock_booking(booking_id)
    booking.link_version += 1
    give_link(booking)
    void_links_beside(booking)
    record_change(booking, ChangeKind.LINK_RENEWED, actor=actor)
    tell_link(booking)
    return booking


def void_links_beside(booking: Booking, *, besides: Collection[int] = ()) -> None:
    """Make the links void that lead to this booking's page: of its course's other dates, and of what it waits for.

    The new ones stand on its page. The session is locked.
    """
    beside = [Booking.extends_id == booking.id]
    if booking.group_key is not None:
        beside.append(Booking.group_key == booking.group_key)
    rows = db.session.scalars(
        select(Booking)
        .where(or_(*beside), Booking.id != booking.id, Booking.id.not_in(besides))
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in rows:
        row.link_version += 1
        give_link(row)
    db.session.flush()


def _send(bookings: Sequence[Booking], address_hash: str, *, by: Channel) -> int:
    may_send = MOST_A_DAY - _sent_today(address_hash)
    return sum(tell_link(booking, by=by) is not None for booking in bookings[: max(may_send, 0)])


def _sent_today(address_hash: str) -> int:
    since = clock.now() - timedelta(days=1)
    statement = select(func.count(Message.id)).where(
        Message.address_hash == address_hash, Message.kind == MessageKind.LINK, Message.created_at > since
    )
    return db.session.scalar(statement) or 0


def _coming(is_theirs: ColumnElement[bool], address_hash: str) -> Sequence[Booking]:
    """Find by family and by past messages: a family that was joined by one contact may be known by another."""
    wrote_to = select(Message.booking_id).where(Message.address_hash == address_hash)
    return db.session.scalars(
        select(Booking)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Family, Booking.family_id == Family.id)
        .where(
            Booking.status.in_(LIVE),
            Event.ends_at > clock.now(),
            is_a_family(),
            or_(is_theirs, Booking.id.in_(wrote_to)),
        )
        .order_by(Event.starts_at, Booking.id)
    ).all()
