"""What machines read: the calendar feed, Atom, the JSON interface, health."""

from __future__ import annotations

from booking.web.feeds import api, calendar, embed, health, news, receipts
from booking.web.feeds.blueprint import feeds

__all__ = ["api", "calendar", "embed", "health", "news", "receipts"]

blueprints = (feeds,)
