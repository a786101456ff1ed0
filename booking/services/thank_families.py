"""Thank the families that came and ask how it was; once more a week later, if they have not said."""

from __future__ import annotations

from booking import clock
from booking.models import Event
from booking.queries.feedback import takes_feedback_now
from booking.queries.feedback_due import bookings_to_ask_again, families_that_came
from booking.rules.reminders import is_quiet, morning_after
from booking.rules.words import Channel, MessageKind
from booking.services.keep_feedback import open_feedback
from booking.services.locks import lock_event
from booking.services.notify import notify


def thank_families(event: Event) -> int:
    """Queue one mail a family, with a link of its own, for when the session is over, by day; return how many.

    The session is locked already. Where its register is closed so late that nobody is asked any more, none is sent.
    """
    if not takes_feedback_now(event):
        return 0
    over = max(clock.now(), event.ends_at)
    not_before = morning_after(over) if is_quiet(over) else over
    thanked = 0
    for booking in families_that_came(event.id):
        open_feedback(booking)
        if notify(booking, MessageKind.THANK_YOU, dedupe="thanks", not_before=not_before, by=Channel.EMAIL):
            thanked += 1
    return thanked


def ask_again(event_id: int) -> int:
    """Queue the one reminder under the session's lock, so that two workers never both do; return how many."""
    lock_event(event_id)
    return sum(
        notify(booking, MessageKind.FEEDBACK_REMINDER, dedupe="feedback-again", by=Channel.EMAIL) is not None
        for booking in bookings_to_ask_again(event_id)
    )
