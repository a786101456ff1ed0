"""Begin to tell somebody about new sessions, or about others: what is there already is no news to them."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.models import Subscription, Told
from booking.queries.news_sessions import news_for, upcoming_sessions
from booking.queries.subscriptions import told_about
from booking.rules.words import SubscriptionStatus
from booking.services.ask_for_news import NewsWanted, write_wanted
from booking.services.locks import lock_subscription


def confirm_news(subscription_id: int) -> None:
    """Take the yes of whoever opens the link; a second yes changes nothing. Raise NoResultFound."""
    subscription = lock_subscription(subscription_id)
    if subscription.status != SubscriptionStatus.ASKED:
        return
    subscription.status = SubscriptionStatus.ACTIVE
    subscription.confirmed_at = clock.now()
    note_told_of_today(subscription)


def change_news(subscription_id: int, wanted: NewsWanted) -> None:
    """Tell of other sessions from now on. Raise NoResultFound."""
    subscription = lock_subscription(subscription_id)
    write_wanted(subscription, wanted)
    if subscription.status == SubscriptionStatus.ACTIVE:
        note_told_of_today(subscription)


def note_told_of_today(subscription: Subscription) -> None:
    """Count as told what fits today: the page that they are on shows the way to it."""
    db.session.flush()
    note_told(subscription, [news.session.id for news in news_for([subscription], upcoming_sessions())])


def note_told(subscription: Subscription, event_ids: list[int]) -> None:
    """Write down which sessions a subscription has been told about."""
    known = told_about(event_ids, of=[subscription.id]).get(subscription.id, set())
    now = clock.now()
    db.session.add_all(
        Told(subscription_id=subscription.id, event_id=number, at=now) for number in event_ids if number not in known
    )
    db.session.flush()
