"""Tell the families that were there what came of what was raised: once each issue, at most one mail a morning."""

from __future__ import annotations

from booking import clock
from booking.extensions import db
from booking.models import Booking, Issue
from booking.queries.feedback_due import families_that_came
from booking.queries.told_back import contactable_families
from booking.queries.waiting_mail import waiting_mail
from booking.rules.reminders import next_morning
from booking.rules.words import Channel, MessageKind
from booking.services.locks import lock_all_families
from booking.services.notify import notify


def tell_back(issue: Issue) -> None:
    """Queue a mail for each family that came and gave an e-mail address, and keep how many could be told.

    The session is locked. Whoever was told once is never told again: the count is the mark. The mail leaves in the
    morning, so that a slip can be put right before, and tells of all that was answered until then.
    """
    if issue.told is not None:
        return
    bookings = families_that_came(issue.event_id)
    lock_all_families([booking.family_id for booking in bookings])
    issue.contactable = contactable_families(issue.event_id)
    issue.told = sum(_tell(booking, issue) for booking in bookings)
    db.session.flush()


def _tell(booking: Booking, issue: Issue) -> bool:
    """Let the family's mail of the next morning tell of it, too, or begin one."""
    waiting = waiting_mail(booking, MessageKind.YOU_SAID_WE_DID)
    if waiting is not None:
        facts = waiting.facts or {}
        waiting.facts = {**facts, "issues": [*facts.get("issues", []), issue.id]}
        return True
    kind, facts = MessageKind.YOU_SAID_WE_DID, {"issues": [issue.id]}
    not_before = next_morning(clock.now())
    dedupe = f"answered:{issue.id}"
    return notify(booking, kind, dedupe=dedupe, facts=facts, not_before=not_before, by=Channel.EMAIL) is not None
