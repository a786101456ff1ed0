"""Decide when a message is tried again, when it is given up, and whether it is still true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.rules.words import LIVE, BookingStatus, Channel, MessageKind

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=3)
"""After three days no relay will take it: staff are shown the row and ring the family."""
LATE_NEWS_MAY_WAIT = timedelta(hours=24)

REMINDERS = (
    MessageKind.REMINDER_7_DAYS,
    MessageKind.REMINDER_3_DAYS,
    MessageKind.REMINDER_1_DAY,
    MessageKind.REMINDER_MORNING,
)
NEWS = (MessageKind.NEWS_ASKED, MessageKind.NEWS)
"""What is about a wish for news and not about a booking."""
FEEDBACK = (MessageKind.THANK_YOU, MessageKind.FEEDBACK_REMINDER)
"""What asks how a session was, after it."""
AFTERWARDS = (*FEEDBACK, MessageKind.WHAT_WE_HEARD, MessageKind.YOU_SAID_WE_DID)
"""What is said of a session once it is over, and is in no hurry."""
ORDERS_NOTHING = (*REMINDERS, *AFTERWARDS)
"""What no later message of the booking waits behind, and what none hurries."""
OF_NO_BOOKING = (*NEWS, MessageKind.STAFF_INVITED, MessageKind.COMPLAINT_RECEIVED)
"""What no state of a booking makes true or untrue."""
ONCE = (*REMINDERS, *NEWS, *AFTERWARDS)
"""What is never sent a second time once it may have left."""
UNHURRIED = (*REMINDERS, MessageKind.NEWS, *AFTERWARDS)
"""What lets everything else go first."""
KEPT_FOR_URGENT = 0.2
"""The part of a cap per hour that reminders and news leave for what cannot wait."""
CANCELLATIONS = (MessageKind.CANCELLED_BY_US, MessageKind.CANCELLED_BY_FAMILY)

_TRUE_WHILE = {
    MessageKind.CONFIRMED: (BookingStatus.CONFIRMED,),
    MessageKind.WAITING: (BookingStatus.WAITING,),
    MessageKind.OFFER: (BookingStatus.OFFERED,),
    MessageKind.OFFER_LAPSED: (BookingStatus.WAITING, BookingStatus.CANCELLED),
    MessageKind.CHANGED: (BookingStatus.CONFIRMED, BookingStatus.OFFERED, BookingStatus.WAITING),
    MessageKind.CALENDAR_TITLE: (BookingStatus.CONFIRMED,),
    MessageKind.PLACES_ADDED: (BookingStatus.CONFIRMED,),
    MessageKind.CALENDAR_LINK: LIVE,
    MessageKind.DECLINE_HEARD: (BookingStatus.CONFIRMED,),
    MessageKind.DECLINE_ASKED: (BookingStatus.CONFIRMED,),
    MessageKind.POSTPONED: (BookingStatus.CONFIRMED, BookingStatus.OFFERED, BookingStatus.WAITING),
    **dict.fromkeys(AFTERWARDS, (BookingStatus.CONFIRMED,)),
    **dict.fromkeys(REMINDERS, (BookingStatus.CONFIRMED,)),
    **dict.fromkeys(OF_NO_BOOKING, ()),
}


@dataclass(frozen=True, kw_only=True)
class MailsLeft:
    """How many mails may still begin their way in this hour; None for any number."""

    urgent: int | None
    unhurried: int | None


def mails_left(an_hour: int, *, sent: int) -> MailsLeft:
    """Return what is left of a cap of so many mails an hour (0: no cap) after so many were sent."""
    if an_hour == 0:
        return MailsLeft(urgent=None, unhurried=None)
    left = max(0, an_hour - sent)
    return MailsLeft(urgent=left, unhurried=max(0, left - int(an_hour * KEPT_FOR_URGENT)))


def is_repeatable(kind: MessageKind, channel: Channel = Channel.EMAIL) -> bool:
    """Return whether a second copy does no harm. A reminder, news or a text that may have left is never sent again.

    A mail that comes twice has the same Message-ID; a text would make a phone ring twice.
    """
    return channel == Channel.EMAIL and kind not in ONCE


def holds_its_turn(kind: MessageKind) -> bool:
    """Return whether later messages of the booking wait for it. None waits for a reminder: it orders nothing."""
    return kind not in ORDERS_NOTHING


def is_still_true(kind: MessageKind, status: BookingStatus) -> bool:
    """Return whether a message of this kind may begin its way while its booking has this status."""
    return status in _TRUE_WHILE.get(kind, tuple(BookingStatus))


def wait_after(attempts: int, *, chance: float, left: timedelta | None = None) -> timedelta:
    """Return how long to wait after this many attempts; `chance` in 0..1 spreads it by a tenth either way.

    With little time `left` the tries come closer together: never more than half of it passes before the next.
    """
    wait = RETRY_AFTER[min(max(attempts, 1), len(RETRY_AFTER)) - 1]
    if left is not None:
        wait = max(RETRY_AFTER[0], min(wait, left / 2))
    return wait * (0.9 + 0.2 * chance)


def give_up_at(kind: MessageKind, *, queued_at: datetime, starts_at: datetime) -> datetime:
    """Return when a message is pointless: when the session begins, or after three days.

    What is said after the session has begun (a late cancellation, a link) still has a day. What is
    said afterwards is in no hurry.
    """
    latest = queued_at + LONGEST_WAIT
    if kind in AFTERWARDS and queued_at >= starts_at:
        return latest
    if kind == MessageKind.LINK or queued_at >= starts_at:
        return min(latest, queued_at + LATE_NEWS_MAY_WAIT)
    return min(latest, starts_at)
