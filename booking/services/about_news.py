"""A message about a wish for news: whether it still holds, when it is given up, and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from booking.extensions import db
from booking.formats.mime import Envelope, write_mail
from booking.formats.news_words import news_in_words
from booking.formats.sender import our_sender
from booking.models import Message, Subscription
from booking.queries.installation import our_locality
from booking.queries.news_sessions import News, news_for, upcoming_sessions
from booking.queries.subscriptions import active_of
from booking.rules.delivery import LONGEST_WAIT
from booking.rules.words import MessageKind, MessageStatus, SubscriptionStatus
from booking.services.message_subject import About, End

_WISHES = (
    select(Subscription)
    .where(Subscription.id.in_(bindparam("ids", expanding=True)))
    .execution_options(populate_existing=True)
)


def about_news(messages: Sequence[Message]) -> dict[int, About]:
    """Return what each message is about: somebody's wish for news, as it stands now."""
    found = db.session.scalars(_WISHES, {"ids": [message.subscription_id for message in messages]})
    wishes = {wish.id: wish for wish in found}
    return {each.id: AboutNews(message=each, subscription=wishes[each.subscription_id or 0]) for each in messages}


@dataclass(frozen=True, kw_only=True)
class AboutNews:
    """A message, and the wish for news that it is about."""

    message: Message
    subscription: Subscription
    gave_up: str = "It could not be sent in time."

    @property
    def is_demo(self) -> bool:
        """Tell whether nobody real asked for it."""
        return self.subscription.is_demo

    def give_up_at(self) -> datetime:
        """Return when it is pointless; most of these have an earlier end of their own."""
        return self.message.created_at + LONGEST_WAIT

    def is_still_their_number(self) -> bool:
        """Tell that news is never texted."""
        return False

    def no_longer_true(self) -> End | None:
        """Return why it is not to be sent: they stopped, answered already, or there is nothing left to tell."""
        if self.message.kind == MessageKind.NEWS_ASKED:
            wanted = SubscriptionStatus.ACTIVE if self._has_enough else SubscriptionStatus.ASKED
            return None if self.subscription.status == wanted else (MessageStatus.STALE, "They have answered.")
        if self.subscription.status != SubscriptionStatus.ACTIVE:
            return MessageStatus.STALE, "They do not want news any more."
        return None if self._news() else (MessageStatus.STALE, "There is nothing left to tell.")

    def hand_on(self) -> None:
        """Hand on nothing: the next news tells whatever is still to be told."""

    def write(self) -> bytes:
        """Return the mail. Only news can be stopped with one tap: the question ends by itself."""
        message, subscription, sender = self.message, self.subscription, our_sender(self.subscription.lang)
        is_news = message.kind == MessageKind.NEWS
        words = news_in_words(
            message.kind,
            subscription,
            area=our_locality(),
            sessions=[(each.session.row, each.miles) for each in self._news()] if is_news else (),
            has_enough=self._has_enough,
        )
        stop_link = f"{sender.news_link(subscription)}/stop" if is_news else None
        envelope = Envelope(to=message.address or "", message_id=message.message_id, stop_link=stop_link)
        return write_mail(words, envelope, sender=sender)

    @property
    def _has_enough(self) -> bool:
        return bool((self.message.facts or {}).get("has_enough"))

    def _news(self) -> list[News]:
        """Return what of the told sessions is still to be told, as it is now."""
        told = set((self.message.facts or {}).get("sessions", ()))
        sessions = [each for each in upcoming_sessions() if each.id in told]
        return news_for(active_of(self.subscription.email_hash), sessions)
