"""What people said of sessions; whose answers they are is not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from booking.extensions import db
from booking.models import Event, Feedback
from booking.queries.facts.span import Span
from booking.rules.engagement.facts import AnswerFact, SessionFact
from booking.rules.feedback import ANSWERS


def answers(span: Span, sessions: Mapping[int, SessionFact]) -> Iterator[AnswerFact]:
    """Read every person's answers; what was only said before the session is no answer yet."""
    questions = [getattr(Feedback, name) for name in ANSWERS]
    rows = db.session.execute(
        select(Feedback.id, Feedback.event_id, Feedback.method, *questions)
        .join(Event, Event.id == Feedback.event_id)
        .where(*span.holds(Event.starts_at), Feedback.answered_at.is_not(None))
        .order_by(Feedback.id)
    )
    for id_, event_id, method, *given in rows:
        said = {name: answer for name, answer in zip(ANSWERS, given, strict=True) if answer is not None}
        yield AnswerFact(id=id_, session=sessions[event_id], method=method, given=said)
