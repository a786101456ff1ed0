"""One tick: queue what is to be said, let deadlines pass, send, ask what arrived, sweep, take files and mail in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from booking import clock
from booking.extensions import transaction
from booking.jobs.ask_receipts import ask_receipts
from booking.jobs.bring_in import bring_in_files
from booking.jobs.deliver import Delivered, deliver_messages
from booking.jobs.error_place import kind_and_place
from booking.jobs.read_mailbox import read_mailbox
from booking.queries.feedback_due import sessions_to_ask_again
from booking.queries.reminders_due import reminders_due
from booking.queries.sweeps import is_swept
from booking.services.list_erasure import write_list
from booking.services.move_waitlist import lapse_offers
from booking.services.queue_news import news_due, queue_news
from booking.services.queue_reminders import queue_reminders
from booking.services.release_declined import due_for_release, release_declined
from booking.services.sweep_drafts import sweep_drafts
from booking.services.sweep_old import sweep_old
from booking.services.take_back_entries import put_off_too_long, take_back_entries
from booking.services.thank_families import ask_again

SWEEP_FROM = 3
"""O'clock in London: by then the day that is over is over for everybody."""

PROGRESS_KEPT_FOR = timedelta(days=1)
"""As long as the page of an import, or of a list, says how far it is."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What one tick did, and which of its steps failed."""

    reminders: int
    offers: int
    drafts: int
    swept: int
    delivered: Delivered
    mails: int = 0
    failed: tuple[str, ...] = ()


def tick(*, is_stopping: Callable[[], bool] = lambda: False, bring_in: Callable[[], int] | None = None) -> Ticked:
    """Do all that is due now. Safe to run at any time, twice, and by several workers at once.

    Each step stands for itself: one that fails is logged, and the others are done all the same. `bring_in` is what is
    done with files where somebody else works on them.
    """
    steps = _Steps()
    reminders = steps.do(_queue_reminders)
    steps.do(_ask_again_how_it_was)
    steps.do(_queue_news)
    offers = steps.do(_lapse_offers)
    steps.do(_release_declined)
    steps.do(_take_back_entries)
    drafts = steps.do(_sweep_drafts)
    swept = steps.do(_sweep_once_a_day)
    delivered = deliver_messages(is_stopping=is_stopping)
    steps.do(lambda: ask_receipts(is_stopping=is_stopping), name="ask_receipts")
    steps.do(_forget_old_progress)
    steps.do(bring_in or (lambda: bring_in_files(is_stopping=is_stopping)), name="bring_in_files")
    mails = steps.do(lambda: read_mailbox(is_stopping=is_stopping), name="read_mailbox")
    return Ticked(
        reminders=reminders,
        offers=offers,
        drafts=drafts,
        swept=swept,
        delivered=delivered,
        mails=mails,
        failed=tuple(steps.failed),
    )


class _Steps:
    """The steps of one tick."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def do(self, step: Callable[[], int], *, name: str = "") -> int:
        """Do one step and return how much it did; 0 when it failed."""
        try:
            return step()
        except Exception as error:
            self.failed.append(name or step.__name__.removeprefix("_"))
            log.error("%s failed: %s", self.failed[-1], kind_and_place(error))
            return 0


def _queue_reminders() -> int:
    queued = 0
    for event_id in sorted({due.event_id for due in reminders_due()}):
        with transaction():
            queued += queue_reminders(event_id)
    return queued


def _ask_again_how_it_was() -> int:
    asked = 0
    for event_id in sessions_to_ask_again():
        with transaction():
            asked += ask_again(event_id)
    return asked


def _queue_news() -> int:
    emails = news_due()
    for email_hash in emails:
        with transaction():
            queue_news(email_hash)
    return len(emails)


def _lapse_offers() -> int:
    with transaction():
        return lapse_offers()


def _release_declined() -> int:
    released = 0
    for booking_id in due_for_release():
        with transaction():
            released += release_declined(booking_id)
    return released


def _take_back_entries() -> int:
    taken = 0
    for event_id in put_off_too_long():
        with transaction():
            taken += take_back_entries(event_id)
    return taken


def _sweep_drafts() -> int:
    with transaction():
        return sweep_drafts()


def _forget_old_progress() -> int:
    """Take away how far something was that ended without a word, or whose page has no more use for it."""
    forgotten: int = current_app.extensions["jobs"].forget_old_progress(clock.now() - PROGRESS_KEPT_FOR)
    return forgotten


def _sweep_once_a_day() -> int:
    """Sweep at the first tick after the night's quietest hour. Two workers at once do no harm: it is idempotent."""
    today = clock.today()
    if clock.now() < clock.london_time(today, SWEEP_FROM) or is_swept(today):
        return 0
    with transaction():
        swept = sum(sweep_old().values())
    write_list(current_app.extensions["config"].instance_path)
    return swept
