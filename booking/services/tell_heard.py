"""Tell the families that came what was heard: once, in the morning, and again only where staff ask for it."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event
from booking.queries.feedback_due import families_that_came
from booking.queries.heard import heard_at
from booking.queries.waiting_mail import waiting_mail
from booking.rules.reminders import next_morning
from booking.rules.words import Channel, MessageKind
from booking.services.locks import lock_all_families
from booking.services.notify import notify


def tell_heard(event: Event, *, again: bool = False) -> None:
    """Queue a mail for each family that came and gave an e-mail address. The session is locked.

    Before its register is closed nobody knows who came: closing it tells them. The mail leaves in the morning, with
    the note as it is then, so that a slip can be put right before.
    """
    note = heard_at(event.id)
    if note is None or note.text is None or event.register_closed_at is None or (note.told_times and not again):
        return
    bookings = families_that_came(event.id)
    lock_all_families([booking.family_id for booking in bookings])
    note.told_times += 1
    for booking in bookings:
        _tell(booking, number=note.told_times)
    db.session.flush()


def _tell(booking: Booking, *, number: int) -> None:
    """Queue it, but for a family whose last mail has not left: that one holds the new words anyway."""
    if waiting_mail(booking, MessageKind.WHAT_WE_HEARD, at_this_session=True) is None:
        morning = next_morning(clock.now())
        dedupe = f"what-we-heard:{number}"
        notify(booking, MessageKind.WHAT_WE_HEARD, dedupe=dedupe, not_before=morning, by=Channel.EMAIL)
