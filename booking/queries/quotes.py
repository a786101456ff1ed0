"""What families wrote of sessions: all of it for who may read it, and what an editor made of it for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Event, Feedback
from booking.rules.calendar_periods import Period
from booking.rules.words import EventKind


class WordsShown(StrEnum):
    """Which words a list holds."""

    ALL = "all"
    MAY_QUOTE = "may_quote"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One quote as everybody may read it: of what kind of session, and the first day of its month."""

    text: str
    kind: EventKind
    month: date


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a list, and how long all of it is."""

    rows: Sequence[Feedback]
    total: int


def words_of(period: Period, shown: WordsShown, *, start: int, limit: int) -> Found:
    """Return what was written of the sessions of a period, the latest session first, with their sessions."""
    conditions = (*_of(period), Feedback.change.is_not(None) | Feedback.quote.is_not(None), _is_shown(shown))
    statement = (
        select(Feedback)
        .join(Feedback.event)
        .where(*conditions)
        .options(joinedload(Feedback.event))
        .order_by(Event.starts_at.desc(), Feedback.id)
    )
    total = db.session.scalar(select(func.count(Feedback.id)).join(Feedback.event).where(*conditions)) or 0
    return Found(db.session.scalars(statement.offset(start).limit(limit)).all(), total)


def get_words(feedback_id: int) -> Feedback:
    """Return one answer with its session. Raise NotFound for one without words."""
    row = db.session.get(Feedback, feedback_id, options=[joinedload(Feedback.event)], populate_existing=True)
    if row is None or (row.change is None and row.quote is None):
        raise NotFound("These words are not there any more.")
    return row


def quotes(*, start: int = 0, limit: int | None = None, period: Period | None = None) -> tuple[list[Quote], int]:
    """Return what everybody may read, the latest session first, and how many quotes there are."""
    conditions = (Feedback.quote.is_not(None), *(_of(period) if period else ()))
    statement = (
        select(Feedback.quote, Event.kind, Event.starts_at)
        .join(Feedback.event)
        .where(*conditions)
        .order_by(Event.starts_at.desc(), Feedback.id)
    )
    found = db.session.execute(statement.offset(start).limit(limit))
    total = db.session.scalar(select(func.count(Feedback.id)).join(Feedback.event).where(*conditions)) or 0
    return [
        Quote(text=text or "", kind=kind, month=clock.in_london(starts_at).date().replace(day=1))
        for text, kind, starts_at in found
    ], total


def _of(period: Period) -> tuple[ColumnElement[bool], ...]:
    begin, end = clock.start_of_day(period.start), clock.end_of_day(period.end)
    return Feedback.answered_at.is_not(None), Event.starts_at >= begin, Event.starts_at < end


def _is_shown(shown: WordsShown) -> ColumnElement[bool]:
    if shown == WordsShown.MAY_QUOTE:
        return Feedback.may_quote.is_(True)
    return Feedback.quote.is_not(None) if shown == WordsShown.QUOTED else true()
