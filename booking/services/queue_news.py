"""Queue the day's news for one address: what fits what it asked for and what it has not been told about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Subscription
from booking.queries.news_sessions import News, Upcoming, news_for, upcoming_sessions
from booking.queries.subscriptions import lost_news, told_about, waiting_for_news
from booking.rules.news import closes_at, has_settled, may_leave
from booking.rules.words import MessageKind, SubscriptionStatus
from booking.services.confirm_news import note_told
from booking.services.tell_subscriber import tell_subscriber


def news_due() -> list[str]:
    """Return the hashes of the addresses that there is news for now. Nothing is locked: `queue_news` looks again."""
    if not may_leave(clock.now()):
        return []
    waiting = waiting_for_news(since=clock.start_of_day(clock.today()))
    known = _Known.of_all() if waiting else None
    return [email_hash for email_hash, rows in waiting.items() if known and _is_time(known.untold(rows))]


def queue_news(email_hash: str) -> bool:
    """Queue one mail for this address and note what it tells, in one transaction; False if there is nothing to tell.

    However many workers do it at once, an address gets one mail a day.
    """
    now = clock.now()
    locked = _lock(email_hash)
    since = clock.start_of_day(clock.today())
    if not locked or not may_leave(now) or any(each.last_news_at and each.last_news_at >= since for each in locked):
        return False
    news = _Known.of(locked).untold(locked)
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


@dataclass(frozen=True)
class _Known:
    """What is to come, who has been told of it, and in whose last mail it was lost: read once for many addresses."""

    sessions: Sequence[Upcoming]
    told: Mapping[int, set[int]]
    lost: Mapping[str, set[int]]

    @classmethod
    def of_all(cls) -> _Known:
        sessions = upcoming_sessions()
        return cls(sessions, told_about([each.id for each in sessions]), lost_news())

    @classmethod
    def of(cls, subscriptions: Sequence[Subscription]) -> _Known:
        sessions, ids = upcoming_sessions(), [each.id for each in subscriptions]
        told = told_about([each.id for each in sessions], of=ids)
        return cls(sessions, told, lost_news(of=subscriptions[0].email_hash))

    def untold(self, subscriptions: Sequence[Subscription]) -> list[News]:
        """Return the news that nobody has told these subscriptions of one address."""
        told = set().union(*(self.told.get(each.id, set()) for each in subscriptions))
        told -= self.lost.get(subscriptions[0].email_hash, set())
        return news_for(subscriptions, [each for each in self.sessions if each.id not in told])


def _lock(email_hash: str) -> Sequence[Subscription]:
    statement = (
        select(Subscription)
        .where(Subscription.email_hash == email_hash, Subscription.status == SubscriptionStatus.ACTIVE)
        .order_by(Subscription.id)
        .with_for_update()
    )
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _is_time(news: Sequence[News]) -> bool:
    return bool(news) and has_settled((each.session.published_at for each in news), now=clock.now())
