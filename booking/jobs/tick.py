"""One tick: queue reminders and news, let deadlines pass, send what is due, sweep what is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booking import clock
from booking.extensions import transaction
from booking.jobs.deliver import Delivered, deliver_messages
from booking.queries.reminders_due import reminders_due
from booking.services.move_waitlist import lapse_offers
from booking.services.queue_news import news_due, queue_news
from booking.services.queue_reminders import queue_reminders
from booking.services.sweep_drafts import sweep_drafts
from booking.services.sweep_old import is_swept, sweep_old

SWEEP_FROM = 3
"""O'clock in London: by then the day that is over is over for everybody."""


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What one tick did."""

    reminders: int
    offers: int
    drafts: int
    swept: int
    delivered: Delivered


def tick(*, is_stopping: Callable[[], bool] = lambda: False) -> Ticked:
    """Do all that is due now. Safe to run at any time, twice, and by several workers at once."""
    reminders = 0
    for event_id in sorted({due.event_id for due in reminders_due()}):
        with transaction():
            reminders += queue_reminders(event_id)
    for email_hash in news_due():
        with transaction():
            queue_news(email_hash)
    with transaction():
        offers = lapse_offers()
    with transaction():
        drafts = sweep_drafts()
    swept = _sweep_once_a_day()
    delivered = deliver_messages(is_stopping=is_stopping)
    return Ticked(reminders=reminders, offers=offers, drafts=drafts, swept=swept, delivered=delivered)


def _sweep_once_a_day() -> int:
    """Sweep at the first tick after the night's quietest hour. Two workers at once do no harm: it is idempotent."""
    today = clock.today()
    if clock.now() < clock.london_time(today, SWEEP_FROM) or is_swept(today):
        return 0
    with transaction():
        return sum(sweep_old().values())
