"""Whether what was asked for was there: staff say it and the family says it, and the family's answer counts more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.errors import Refusal
from booking.rules.need_states import OFF, OUTCOMES
from booking.rules.words import NeedState


class NotAnOutcome(Refusal):
    """What was said is no answer to whether it was there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many were there, partly, and not; `unsaid` is of whom nobody has said it."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    unsaid: int = 0

    @property
    def asked(self) -> int:
        """Return how many there are in all."""
        return self.met + self.partly + self.not_met + self.unsaid


def outcome_that_counts(state: NeedState, said_by_family: NeedState | None) -> NeedState | None:
    """Return the answer that every count uses: the family's, else that of staff; None while nobody has said it."""
    if said_by_family is not None:
        return said_by_family
    return state if state in OUTCOMES else None


def count_outcomes(answers: Iterable[tuple[NeedState, NeedState | None]]) -> Told:
    """Count (state, what the family said) of each request. What fell away before the session is in no count."""
    counted = [outcome_that_counts(state, said) for state, said in answers if said is not None or state not in OFF]
    return Told(
        met=counted.count(NeedState.MET),
        partly=counted.count(NeedState.PARTLY_MET),
        not_met=counted.count(NeedState.NOT_MET),
        unsaid=counted.count(None),
    )


def is_asked(state: NeedState) -> bool:
    """Return whether a family is asked: not about what it no longer needed, nor what we said we cannot do."""
    return state not in OFF


def refuse_outcome(said: NeedState) -> None:
    """Raise NotAnOutcome for a state that says nothing about whether it was there."""
    if said not in OUTCOMES:
        raise NotAnOutcome("Choose whether it was there.")
