"""Who asked to be told when a session appears near them. Kept apart from bookings: it is news, not service (PECR)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, Coded, Created, SealedJson, SealedText, UtcDateTime
from booking.rules.words import SubscriptionStatus


class Subscription(Created, Base):
    """One address and what it asked for. Nothing is sent but the question whether they did ask, until it is confirmed.

    It is near a `district` ("online": none but online sessions), or within `miles` of a spot (metres of the National
    Grid), or anywhere. `needs` are codes of access needs, sealed. The link derives from id and `link_version`; only
    its digest is stored. Who stops is deleted (ADR 0011).
    """

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[SubscriptionStatus] = mapped_column(Coded(SubscriptionStatus), default=SubscriptionStatus.ASKED)
    email: Mapped[str | None] = mapped_column(SealedText("subscription.email"))
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    lang: Mapped[str] = mapped_column(String(12), default="en")
    district: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(String(60), default="")
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    miles: Mapped[int | None]
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs: Mapped[list[Any] | None] = mapped_column(SealedJson("subscription.needs"))
    wording_version: Mapped[str] = mapped_column(String(20), default="")
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    last_news_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_demo: Mapped[bool] = mapped_column(default=False)


class Told(Base):
    """A session that a subscription has been told about: nobody is told twice."""

    __tablename__ = "told"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
