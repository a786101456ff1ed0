"""Take a wish to be told about new sessions; nothing but one question is sent until it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from booking import clock
from booking.cipher import token_digest
from booking.extensions import db
from booking.formats.tokens import subscription_token
from booking.models import Message, Subscription
from booking.queries.subscriptions import active_of, hash_of, subscriptions_of
from booking.rules.consent import WORDING_VERSION
from booking.rules.news import MOST_PER_ADDRESS, MOST_QUESTIONS_A_DAY, QUESTION_MAY_WAIT
from booking.rules.words import EventKind, MessageKind
from booking.services.tell_subscriber import tell_subscriber


@dataclass(frozen=True, kw_only=True)
class NewsWanted:
    """What somebody wants news of: near a district, within miles of a spot, or anywhere; of these kinds or of all."""

    district: str = ""
    place: str = ""
    easting: int | None = None
    northing: int | None = None
    miles: int | None = None
    kinds: tuple[EventKind, ...] = ()
    needs: tuple[str, ...] = ()


def ask_for_news(email: str, wanted: NewsWanted, *, lang: str) -> Subscription | None:
    """Keep the wish and ask the address whether it is theirs; None if nothing was kept.

    Whoever asked must learn nothing of it: an address that has enough already is sent the link to what it has,
    and one that was asked often enough today is left in peace.
    """
    email_hash = hash_of(email)
    if _questions_today(email_hash) >= MOST_QUESTIONS_A_DAY:
        return None
    if len(subscriptions_of(email_hash)) >= MOST_PER_ADDRESS:
        for subscription in active_of(email_hash)[-1:]:
            _ask(subscription, has_enough=True)
        return None
    subscription = Subscription(email=email, email_hash=email_hash, lang=lang)
    write_wanted(subscription, wanted)
    db.session.add(subscription)
    db.session.flush()
    subscription.link_digest = token_digest(subscription_token(subscription))
    _ask(subscription, has_enough=False)
    return subscription


def write_wanted(subscription: Subscription, wanted: NewsWanted) -> None:
    """Write down what somebody wants; needs only with the consent that the form asked for."""
    subscription.district = wanted.district
    subscription.place = wanted.place
    subscription.easting = wanted.easting
    subscription.northing = wanted.northing
    subscription.miles = wanted.miles
    subscription.kinds = [kind.value for kind in wanted.kinds]
    subscription.needs = list(wanted.needs) or None
    subscription.wording_version = WORDING_VERSION


def _ask(subscription: Subscription, *, has_enough: bool) -> None:
    now = clock.now()
    tell_subscriber(
        subscription,
        MessageKind.NEWS_ASKED,
        dedupe=f"news-asked:{subscription.id}:{now.isoformat(timespec='milliseconds')}",
        not_after=now + QUESTION_MAY_WAIT,
        facts={"has_enough": has_enough},
    )


def _questions_today(email_hash: str) -> int:
    since = clock.now() - timedelta(days=1)
    statement = select(func.count(Message.id)).where(
        Message.address_hash == email_hash, Message.kind == MessageKind.NEWS_ASKED, Message.created_at > since
    )
    return db.session.scalar(statement) or 0
