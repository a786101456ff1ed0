"""Queue the day's news for one address: what fits what it asked for and what it has not been told about."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Subscription
from booking.queries.news_sessions import News, Upcoming, news_for, upcoming_sessions
from booking.queries.subscriptions import active_of, addresses_to_look_at, lost_news, told_about
from booking.rules.news import closes_at, has_settled, may_leave
from booking.rules.words import MessageKind, SubscriptionStatus
from booking.services.confirm_news import note_told
from booking.services.tell_subscriber import tell_subscriber


def news_due() -> list[str]:
    """Return the hashes of the addresses that there is news for now. Nothing is locked: `queue_news` looks again."""
    now = clock.now()
    if not may_leave(now):
        return []
    addresses = addresses_to_look_at(since=clock.start_of_day(clock.today()))
    sessions = upcoming_sessions() if addresses else []
    return [address for address in addresses if _is_time(_untold(active_of(address), sessions))]


def queue_news(email_hash: str) -> bool:
    """Queue one mail for this address and note what it tells, in one transaction; False if there is nothing to tell.

    However many workers do it at once, an address gets one mail a day.
    """
    now = clock.now()
    locked = _lock(email_hash)
    since = clock.start_of_day(clock.today())
    if not locked or not may_leave(now) or any(each.last_news_at and each.last_news_at >= since for each in locked):
        return False
    news = _untold(locked, upcoming_sessions())
    if not _is_time(news):
        return False
    told = [each.session for each in news]
    for subscription in locked:
        mine = news_for([subscription], told)
        note_told(subscription, [each.session.id for each in mine])
        subscription.last_news_at = now
    first = next(each for each in locked if news_for([each], told))
    message = tell_subscriber(
        first,
        MessageKind.NEWS,
        dedupe=f"news:{first.id}:{clock.today().isoformat()}",
        not_after=closes_at(now),
        facts={"sessions": [session.id for session in told]},
    )
    return message is not None


def _lock(email_hash: str) -> Sequence[Subscription]:
    statement = (
        select(Subscription)
        .where(Subscription.email_hash == email_hash, Subscription.status == SubscriptionStatus.ACTIVE)
        .order_by(Subscription.id)
        .with_for_update()
    )
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _untold(subscriptions: Sequence[Subscription], sessions: Sequence[Upcoming]) -> list[News]:
    """Return the news nobody has told them; what was to be told in a mail that never left counts as new."""
    told = told_about([each.id for each in subscriptions])
    if told:
        told -= lost_news(subscriptions[0].email_hash)
    return [news for news in news_for(subscriptions, sessions) if news.session.id not in told]


def _is_time(news: Sequence[News]) -> bool:
    return bool(news) and has_settled((each.session.published_at for each in news), now=clock.now())
