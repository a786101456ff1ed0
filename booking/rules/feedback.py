"""How a session was: the questions with their exact words, when they are asked, and what the answers come to.

Questions, scale and pairing: `workstream-1.md` 2.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.errors import Conflict, Refusal
from booking.locality.kinds import N_
from booking.rules.words import EventStatus, FeedbackMethod

OPEN_FOR = timedelta(days=60)
"""As long as the answers of before and after are held together."""
REMIND_AFTER = timedelta(days=7)
TOO_FEW = 5
"""Fewer answers than this say nothing."""
LONGEST = 1000
LONGEST_QUOTE = 300
"""Letters of what is written."""

DOES_NOT_APPLY = 0
SCALE = (
    (1, N_("Strongly disagree")),
    (2, N_("Disagree")),
    (3, N_("Neither agree nor disagree")),
    (4, N_("Agree")),
    (5, N_("Strongly agree")),
    (DOES_NOT_APPLY, N_("Does not apply to me")),
)
AGREE = (4, 5)
BEFORE = {
    "before_confident": N_("I feel confident that services in %(area)s will meet my child’s needs"),
    "before_know_where": N_("I know where to go for help and information"),
}
"""Asked before the session."""
THEN = {
    "before_confident": N_("Before: I felt confident that services in %(area)s would meet my child’s needs"),
    "before_know_where": N_("Before: I knew where to go for help and information"),
}
"""The same, asked after the session of those who were not asked before it."""
FIRST = {
    "confident": N_("Now I feel confident that services in %(area)s will meet my child’s needs"),
    "listened": N_("I felt listened to today"),
    "what_next": N_("I know what will happen next"),
}
"""Three taps that are enough."""
MORE = {
    "know_where": N_("Now I know where to go for help and information"),
    "understood": N_("I understood what was said"),
    "had_what_needed": N_("I had what I needed to take part"),
    "again": N_("I would come again"),
}
AFTER = {**FIRST, **MORE}
ANSWERS = (*BEFORE, *AFTER)
PAIRS = {"before_confident": "confident", "before_know_where": "know_where"}
"""Each question of before, and the one of after that it is compared with."""


class NoConsent(Conflict):
    """Whoever wrote it did not say that it may be quoted, or says so no longer."""


class NoFeedback(Refusal):
    """This session takes no answers now."""


class NothingSaid(Refusal):
    """The form came back without a single answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one person said; an answer that is not there was not given."""

    given: Mapping[str, int]
    change: str = ""
    may_quote: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said at all."""
        return not self.given and not self.change


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """How many answered one question (who it does not apply to did not), and how many of them agreed."""

    n: int
    agreed: int

    @property
    def is_too_few(self) -> bool:
        """Whether so few answers say nothing."""
        return self.n < TOO_FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How many people's answer to one question went up, stayed or went down from before to after."""

    up: int = 0
    same: int = 0
    down: int = 0

    @property
    def n(self) -> int:
        """How many answered both."""
        return self.up + self.same + self.down

    @property
    def is_too_few(self) -> bool:
        """Whether so few answers say nothing."""
        return self.n < TOO_FEW


def takes_feedback(*, status: EventStatus, is_put_off: bool, starts_at: datetime, now: datetime) -> bool:
    """Return whether a session takes answers now: from its start until 60 days after it, if it was held."""
    is_held = status == EventStatus.PUBLISHED and not is_put_off
    return is_held and starts_at <= now < starts_at + OPEN_FOR


def asks_before(*, status: EventStatus, is_put_off: bool, starts_at: datetime, now: datetime) -> bool:
    """Return whether a family is asked before the session: while it is still to come."""
    return status == EventStatus.PUBLISHED and not is_put_off and now < starts_at


def method_of(given: Mapping[str, int], *, was: FeedbackMethod) -> FeedbackMethod:
    """Return how what is now said is paired: what was given before the session stays paired."""
    if was == FeedbackMethod.PAIRED:
        return was
    return FeedbackMethod.RETRO if any(name in given for name in THEN) else FeedbackMethod.NONE


def agreed(answers: Iterable[int | None]) -> Agreed:
    """Count the answers to one question."""
    counted = [answer for answer in answers if answer is not None and answer != DOES_NOT_APPLY]
    return Agreed(n=len(counted), agreed=sum(answer in AGREE for answer in counted))


def changed(pairs: Iterable[tuple[int | None, int | None]]) -> Change:
    """Count how the answers to one question went from before to after, of those who gave both."""
    both = [(before, after) for before, after in pairs if before and after]
    return Change(
        up=sum(after > before for before, after in both),
        same=sum(after == before for before, after in both),
        down=sum(after < before for before, after in both),
    )


def refuse_quote(text: str, *, may_quote: bool, is_fit: bool) -> None:
    """Raise NoConsent, or Refusal beside its field, for words that may not be shown to everybody."""
    if not may_quote:
        raise NoConsent("Whoever wrote this did not say that we may quote it.")
    if not text.strip():
        raise Refusal("Write what everybody may read.", field="text")
    if len(text) > LONGEST_QUOTE:
        raise Refusal(f"Please use {LONGEST_QUOTE} characters or fewer.", field="text")
    if not is_fit:
        raise Refusal("Read it once more, and tick that it is fit to show.", field="is_fit")
