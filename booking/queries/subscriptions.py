"""Who wants to be told about new sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from booking.cipher import lookup_hash, token_digest
from booking.extensions import db
from booking.models import Message, Subscription, Told
from booking.queries.districts import district_today
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


def waiting_for_news(*, since: datetime) -> Mapping[str, list[Subscription]]:
    """Return what the addresses want that have had no news since then, by the hash of the address."""
    statement = select(Subscription).where(Subscription.status == SubscriptionStatus.ACTIVE)
    found: dict[str, list[Subscription]] = {}
    for row in db.session.scalars(statement.order_by(Subscription.email_hash, Subscription.id)):
        found.setdefault(row.email_hash, []).append(row)
    return {
        email_hash: rows
        for email_hash, rows in found.items()
        if all(row.last_news_at is None or row.last_news_at < since for row in rows)
    }


def told_about(event_ids: Collection[int], *, of: Collection[int] | None = None) -> Mapping[int, set[int]]:
    """Return which of these sessions each subscription (`of`: only these) has been told about."""
    statement = select(Told.subscription_id, Told.event_id).where(Told.event_id.in_(event_ids))
    if of is not None:
        statement = statement.where(Told.subscription_id.in_(of))
    found: dict[int, set[int]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.subscription_id, set()).add(row.event_id)
    return found


def lost_news(*, of: str | None = None) -> Mapping[str, set[int]]:
    """Return the sessions each address was to be told of in its last news, if that never left: nobody has read it."""
    last = select(func.max(Message.id)).where(Message.kind == MessageKind.NEWS).group_by(Message.address_hash)
    if of is not None:
        last = last.where(Message.address_hash == of)
    rows = db.session.scalars(
        select(Message).where(
            Message.id.in_(last),
            Message.status.in_((MessageStatus.STALE, MessageStatus.FAILED)),
            Message.address_hash.is_not(None),
        )
    )
    return {row.address_hash: set((row.facts or {}).get("sessions", ())) for row in rows if row.address_hash}


def count_active_by_district() -> Mapping[str, int]:
    """Count the addresses that want news, by the district they named ("" for none)."""
    rows = db.session.execute(
        select(Subscription.district, Subscription.email_hash)
        .where(Subscription.status == SubscriptionStatus.ACTIVE)
        .distinct()
    )
    # Who follows two districts that are one today is one of those who want news of it.
    return Counter(district for district, _whose in {(district_today(row[0]), row[1]) for row in rows})
