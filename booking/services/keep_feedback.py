"""Keep what somebody says of a session: two questions before it, and how it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from booking import clock
from booking.cipher import token_digest
from booking.errors import NotFound
from booking.extensions import db
from booking.formats import feedback_words
from booking.formats.tokens import feedback_token
from booking.models import Booking, Feedback
from booking.queries.feedback import asks_before_now, takes_feedback_now
from booking.rules.feedback import AFTER, BEFORE, Answers, method_of
from booking.rules.words import FeedbackMethod, FeedbackOrigin
from booking.services.locks import lock_booking, lock_event
from booking.services.record_audit import record_audit

SCREEN = "staff.key_feedback"


def open_feedback(booking: Booking) -> Feedback:
    """Return the row that holds a family's answers, found by its link; its session is locked already."""
    found = db.session.scalar(
        select(Feedback).where(Feedback.booking_id == booking.id).execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    row = Feedback(
        event_id=booking.event_id,
        booking_id=booking.id,
        link_digest=token_digest(feedback_token(booking)),
        origin=FeedbackOrigin.LINK,
        method=FeedbackMethod.NONE,
    )
    db.session.add(row)
    db.session.flush()
    return row


def keep_before(booking_id: int, given: Mapping[str, int]) -> Feedback:
    """Keep what a family says before it comes; saying it again changes it. Raise NoFeedback, NothingSaid."""
    booking = lock_booking(booking_id)
    if not asks_before_now(booking):
        raise feedback_words.too_late_for_before()
    if not given:
        raise feedback_words.nothing_said()
    row = open_feedback(booking)
    _write(row, BEFORE, given)
    row.method = FeedbackMethod.PAIRED
    db.session.flush()
    return row


def answer_by_link(token: str, answers: Answers) -> bool:
    """Keep what a family says after a session; return whether it had answered before.

    Raise NotFound for a link that leads nowhere (any more), NoFeedback, NothingSaid.
    """
    digest = token_digest(token)
    event_id = db.session.scalar(select(Feedback.event_id).where(Feedback.link_digest == digest))
    if event_id is None:
        raise NotFound("This link leads nowhere.")
    event = lock_event(event_id)
    row = db.session.scalar(
        select(Feedback).where(Feedback.link_digest == digest).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("This link leads nowhere.")
    if not takes_feedback_now(event):
        raise feedback_words.why_shut(event)
    return _answer(row, answers)


def answer_openly(event_id: int, answers: Answers, *, origin: FeedbackOrigin, once: str) -> bool:
    """Keep what somebody says whom we do not know; return whether this page had been sent before.

    Raise NoFeedback, NothingSaid.
    """
    event = lock_event(event_id)
    if not takes_feedback_now(event):
        raise feedback_words.why_shut(event)
    mark = token_digest(f"{event_id}:{once}") if once else None
    row = db.session.scalar(select(Feedback).where(Feedback.sent_once == mark)) if mark else None
    return _answer(row or Feedback(event_id=event_id, origin=origin, sent_once=mark), answers)


def type_in_card(event_id: int, answers: Answers, *, once: str) -> bool:
    """Keep what stands on a paper card that staff type in; return whether this page had been sent before.

    Raise NoFeedback, NothingSaid.
    """
    again = answer_openly(event_id, answers, origin=FeedbackOrigin.PAPER, once=once)
    record_audit(
        "type in feedback card", screen=SCREEN, subject_type="event", subject_id=event_id, facts={"again": again}
    )
    return again


def _answer(row: Feedback, answers: Answers) -> bool:
    if answers.is_empty:
        raise feedback_words.nothing_said()
    was_answered = row.answered_at is not None
    was = row.method or FeedbackMethod.NONE
    row.method = method_of(answers.given, was=was)
    _write(row, AFTER if row.method == FeedbackMethod.PAIRED else (*BEFORE, *AFTER), answers.given)
    if row.quote is not None and not (answers.may_quote and answers.change):
        row.quote = row.quoted_at = row.quoted_by_id = None  # whoever takes the words back, takes the quote back
    row.change = answers.change or None
    row.may_quote = answers.may_quote and bool(answers.change)
    row.answered_at = row.answered_at or clock.now()
    db.session.add(row)
    db.session.flush()
    return was_answered


def _write(row: Feedback, names: Iterable[str], given: Mapping[str, int]) -> None:
    """Take what is asked on this page as it was sent: what was left empty is not answered any more."""
    for name in names:
        setattr(row, name, given.get(name))
