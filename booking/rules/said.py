"""What everybody may read of an issue: plain values, made by a query and said on a page, in a file and in a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from booking.rules.issues import IssueState
from booking.rules.words import IssueOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidUpdate:
    """How far it was on a day; with an outcome, what the answer was until another took its place."""

    said_on: date
    text: str
    outcome: IssueOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSession:
    """The session at which it was raised, where it may be named."""

    slug: str
    title: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIssue:
    """One issue. `families` is None unless they were many, `session` unless many came to it.

    Where no session is named, no day is said from which one could count back to it: of `due_on` only the month.
    """

    id: int
    text: str
    raised_on: date
    district: str
    theme: str
    workstream: int | None
    owner: str
    families: int | None
    due_on: date
    state: IssueState
    outcome: IssueOutcome | None
    reason: str
    answered_on: date | None
    updates: tuple[SaidUpdate, ...]
    session: SaidSession | None

    @property
    def says_day(self) -> bool:
        """Whether the day may be said by which an answer is due."""
        return self.session is not None
