"""Stop telling somebody about new sessions: at once, for good, and without keeping who it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import case, delete, select, update

from booking.extensions import db
from booking.models import Message, Subscription
from booking.rules.words import UNFINISHED, MessageStatus

WHY = "They do not want news any more."


def stop_subscription(subscription: Subscription) -> None:
    """Stop all news to the address of this subscription: what one tap means, and what a mail that came back means."""
    stop_address(subscription.email_hash)


def stop_address(email_hash: str, *, until: datetime | None = None) -> int:
    """Stop all news to an address (`until`: what it asked for up to then); return how many wishes it had."""
    same = select(Subscription.id).where(Subscription.email_hash == email_hash)
    if until is not None:
        same = same.where(Subscription.created_at <= until)
    ids = db.session.scalars(same.order_by(Subscription.id).with_for_update()).all()
    drop_subscriptions(ids)
    return len(ids)


def stop_one(subscription: Subscription) -> None:
    """Stop this one alone; the address goes on hearing of what else it asked for."""
    drop_subscriptions([subscription.id])


def drop_subscriptions(ids: Iterable[int]) -> None:
    """Delete subscriptions; the mail they were sent keeps no address, and what has not left never will."""
    db.session.flush()
    ids = list(ids)
    theirs = Message.subscription_id.in_(ids)
    end = case((Message.data_started_at.is_(None), MessageStatus.STALE), else_=MessageStatus.UNKNOWN)
    db.session.execute(
        update(Message)
        .where(theirs, Message.status.in_(UNFINISHED))
        .values(status=end, problem=WHY, lease_id=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Message)
        .where(theirs)
        .values(subscription_id=None, address=None, address_hash=None, facts=None, rendered=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(Subscription).where(Subscription.id.in_(ids)).execution_options(synchronize_session=False)
    )
    db.session.expire_all()
