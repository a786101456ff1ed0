"""Read what was said of a session: one person's answers by their link, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.cipher import token_digest
from booking.extensions import db
from booking.models import Booking, Event, Feedback
from booking.rules.feedback import AFTER, PAIRS, Agreed, Change, agreed, asks_before, changed, takes_feedback
from booking.rules.words import BookingStatus, FeedbackMethod, FeedbackOrigin, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was said of one session: by how many, of each question, and from before to after, in either way."""

    answered: int
    on_paper: int
    with_words: int
    questions: dict[str, Agreed]
    paired: dict[str, Change]
    retro: dict[str, Change]


def find_feedback_by_token(token: str) -> Feedback | None:
    """Find the answers of a link, with their session."""
    statement = select(Feedback).where(Feedback.link_digest == token_digest(token)).options(joinedload(Feedback.event))
    return db.session.scalars(statement).one_or_none()


def feedback_of(booking: Booking) -> Feedback | None:
    """Find what the family of a booking has said so far."""
    return db.session.scalars(select(Feedback).where(Feedback.booking_id == booking.id)).one_or_none()


def takes_feedback_now(event: Event) -> bool:
    """Return whether one can say now how this session was."""
    return takes_feedback(status=event.status, is_put_off=event.is_put_off, starts_at=event.starts_at, now=clock.now())


def asks_before_now(booking: Booking) -> bool:
    """Return whether a family is asked two questions before it comes; who just walked in never is."""
    event = booking.event
    return (
        booking.status == BookingStatus.CONFIRMED
        and booking.origin != Origin.WALK_IN
        and booking.extends_id is None
        and asks_before(status=event.status, is_put_off=event.is_put_off, starts_at=event.starts_at, now=clock.now())
    )


def summary_of(event_id: int) -> Summary:
    """Count what was said of a session."""
    rows = _answered(event_id)
    return Summary(
        answered=len(rows),
        on_paper=sum(row.origin == FeedbackOrigin.PAPER for row in rows),
        with_words=sum(row.change is not None for row in rows),
        questions={name: agreed(getattr(row, name) for row in rows) for name in AFTER},
        paired=_changes(rows, FeedbackMethod.PAIRED),
        retro=_changes(rows, FeedbackMethod.RETRO),
    )


def words_about(event_id: int) -> list[Feedback]:
    """Return the answers of a session that have words, the latest first."""
    return [row for row in reversed(_answered(event_id)) if row.change]


def _answered(event_id: int) -> Sequence[Feedback]:
    statement = select(Feedback).where(Feedback.event_id == event_id, Feedback.answered_at.is_not(None))
    return db.session.scalars(statement.order_by(Feedback.answered_at, Feedback.id)).all()


def _changes(rows: Sequence[Feedback], method: FeedbackMethod) -> dict[str, Change]:
    mine = [row for row in rows if row.method == method]
    return {
        after: changed((getattr(row, before), getattr(row, after)) for row in mine) for before, after in PAIRS.items()
    }
