"""A family's mail that has not begun its way: what it is to say can still change."""

from __future__ import annotations

from sqlalchemy import select

from booking.extensions import db
from booking.models import Booking, Message
from booking.models.message import address_hash
from booking.rules.words import Channel, MessageKind, MessageStatus


def waiting_mail(booking: Booking, kind: MessageKind, *, at_this_session: bool = False) -> Message | None:
    """Return the first such mail to the address of this booking, locked: while we hold it no worker takes it.

    It may be about any booking of the family; `at_this_session` leaves out those at other sessions.
    """
    statement = (
        select(Message)
        .join(Booking, Booking.id == Message.booking_id)
        .where(
            Booking.family_id == booking.family_id,
            Message.kind == kind,
            Message.address_hash == address_hash(Channel.EMAIL, booking.email or ""),
            Message.status == MessageStatus.QUEUED,
            Message.data_started_at.is_(None),
            Message.attempts == 0,
        )
    )
    if at_this_session:
        statement = statement.where(Booking.event_id == booking.event_id)
    statement = statement.order_by(Message.id).limit(1).with_for_update(of=Message)
    return db.session.scalar(statement.execution_options(populate_existing=True))
