"""Mail that came in, as staff see it: what people wrote, beside its booking and on a page of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from booking.extensions import db
from booking.models import Booking, Inbound
from booking.rules.words import InboundKind

PAGE = 100


def list_inbox(*, is_seen: bool, among: Collection[int] | None = None) -> Sequence[Inbound]:
    """Return what is new, the oldest first, or what somebody has seen, the latest first; of some sessions if given."""
    statement = _shown(among).options(joinedload(Inbound.booking).joinedload(Booking.event))
    if is_seen:
        statement = statement.where(Inbound.seen_at.is_not(None)).order_by(Inbound.id.desc())
    else:
        statement = statement.where(Inbound.seen_at.is_(None)).order_by(Inbound.id)
    return db.session.scalars(statement.limit(PAGE)).all()


def count_new(*, among: Collection[int] | None = None) -> int:
    """Return how many mails nobody has seen; of some sessions if given."""
    new = _shown(among).where(Inbound.seen_at.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(new)) or 0


def mails_of(event_id: int) -> dict[int, list[Inbound]]:
    """Return what the families of a session wrote, by booking."""
    statement = _shown().join(Booking, Booking.id == Inbound.booking_id).where(Booking.event_id == event_id)
    found: dict[int, list[Inbound]] = defaultdict(list)
    for mail in db.session.scalars(statement.order_by(Inbound.id)):
        if mail.booking_id is not None:
            found[mail.booking_id].append(mail)
    return found


def _shown(among: Collection[int] | None = None) -> Select[Inbound]:
    """Return the mails with something for a person: words, or that nobody could read them."""
    has_words = and_(Inbound.kind == InboundKind.CALENDAR_REPLY, Inbound.text.is_not(None))
    found = select(Inbound).where(or_(Inbound.kind.in_((InboundKind.PERSON, InboundKind.UNREADABLE)), has_words))
    if among is None:
        return found
    return found.where(Inbound.booking_id.in_(select(Booking.id).where(Booking.event_id.in_(among))))
