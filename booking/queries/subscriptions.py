"""Who wants to be told about new sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from booking.cipher import lookup_hash, token_digest
from booking.extensions import db
from booking.models import Message, Subscription, Told
from booking.rules.contact import normal_email
from booking.rules.words import MessageKind, MessageStatus, SubscriptionStatus


def hash_of(email: str) -> str:
    """Return what an address is found by."""
    return lookup_hash("email", normal_email(email))


def find_subscription_by_token(token: str) -> Subscription | None:
    """Find the subscription of a link."""
    statement = select(Subscription).where(Subscription.link_digest == token_digest(token))
    return db.session.scalars(statement).one_or_none()


def subscriptions_of(email_hash: str) -> Sequence[Subscription]:
    """Return all that one address has asked for, confirmed or not, in order."""
    statement = select(Subscription).where(Subscription.email_hash == email_hash).order_by(Subscription.id)
    return db.session.scalars(statement).all()


def active_of(email_hash: str) -> list[Subscription]:
    """Return what one address is told about."""
    return [each for each in subscriptions_of(email_hash) if each.status == SubscriptionStatus.ACTIVE]


def addresses_to_look_at(*, since: datetime) -> Sequence[str]:
    """Return the hashes of the addresses that have had no news since then and want some."""
    had_some = (
        select(Subscription.email_hash)
        .where(Subscription.last_news_at >= since)
        .where(Subscription.status == SubscriptionStatus.ACTIVE)
    )
    return db.session.scalars(
        select(Subscription.email_hash)
        .distinct()
        .where(Subscription.status == SubscriptionStatus.ACTIVE, Subscription.email_hash.not_in(had_some))
        .order_by(Subscription.email_hash)
    ).all()


def told_about(subscription_ids: Sequence[int]) -> set[int]:
    """Return the ids of the sessions that any of these subscriptions has been told about."""
    return set(db.session.scalars(select(Told.event_id).where(Told.subscription_id.in_(subscription_ids))))


def lost_news(email_hash: str) -> set[int]:
    """Return the ids of the sessions that the last news was to tell, if it never left: nobody has read of them."""
    last = db.session.scalars(
        select(Message)
        .where(Message.address_hash == email_hash, Message.kind == MessageKind.NEWS)
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.status not in (MessageStatus.STALE, MessageStatus.FAILED):
        return set()
    return set((last.facts or {}).get("sessions", ()))


def count_active_by_district() -> Mapping[str, int]:
    """Count the addresses that want news, by the district they named ("" for none)."""
    rows = db.session.execute(
        select(Subscription.district, func.count(Subscription.email_hash.distinct()))
        .where(Subscription.status == SubscriptionStatus.ACTIVE)
        .group_by(Subscription.district)
    )
    return {row[0]: row[1] for row in rows}
