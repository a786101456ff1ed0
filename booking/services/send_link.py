"""Send families the link to their own page again, or give them a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import Booking, Event, Family, Message
from booking.queries.extensions import is_a_family
from booking.rules.contact import normal_email
from booking.rules.words import LIVE, ChangeKind, MessageKind
from booking.services.identify_booking import give_link
from booking.services.locks import lock_booking
from booking.services.notify import tell_link
from booking.services.record_change import record_change

MOST_A_DAY = 5
"""Link messages to one address in 24 hours: nobody can fill a stranger's mailbox."""


def send_links(email: str) -> int:
    """Send the link of every coming booking made with this address; return how many were sent."""
    address_hash = lookup_hash("email", normal_email(email))
    may_send = MOST_A_DAY - _sent_today(address_hash)
    return sum(tell_link(booking) is not None for booking in _coming(email, address_hash)[: max(may_send, 0)])


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


def _sent_today(address_hash: str) -> int:
    since = clock.now() - timedelta(days=1)
    statement = select(func.count(Message.id)).where(
        Message.address_hash == address_hash, Message.kind == MessageKind.LINK, Message.created_at > since
    )
    return db.session.scalar(statement) or 0


def _coming(email: str, address_hash: str) -> Sequence[Booking]:
    """Find by family and by past messages: a family that was joined by phone may be known by another address."""
    wrote_to = select(Message.booking_id).where(Message.address_hash == address_hash)
    found = db.session.scalars(
        select(Booking)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Family, Booking.family_id == Family.id)
        .where(
            Booking.status.in_(LIVE),
            Event.ends_at > clock.now(),
            is_a_family(),
            or_(Family.email_hash == address_hash, Booking.id.in_(wrote_to)),
        )
        .order_by(Event.starts_at, Booking.id)
    ).all()
    return [booking for booking in found if booking.email and normal_email(booking.email) == normal_email(email)]
