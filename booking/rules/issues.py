"""What families raise at a session: what one may say of it, who answers by when, and what everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from booking.errors import Conflict, Refusal
from booking.locality.kinds import N_, Locality
from booking.rules.words import IssueOutcome

LONGEST = 1000
MOST_FAMILIES = 1000
ANSWER_WITHIN = timedelta(days=42)
DUE_SOON = timedelta(days=7)
NAME_SESSION_FROM = 5
"""Families at a session from which on it is named beside what was raised there; else district and month."""
SAY_FAMILIES_FROM = 10
"""Families that raised something from which on everybody is told how many they were."""
NEED_REASON = frozenset(IssueOutcome) - {IssueOutcome.DONE}
NOT_PUBLIC = "Say first what everybody may read of it. Families cannot follow an answer to something they cannot see."


class IssueState(StrEnum):
    """Where an issue stands on a day."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    LATE = "late"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has to answer."""

    code: str
    name: str


OTHER_OWNERS = (Owner("school", N_("A school or college")), Owner("other", N_("Another organisation")))
"""Who is in no area's list of bodies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One issue as somebody writes it down; everything but the text may be open."""

    text: str
    theme: str = ""
    workstream: int | None = None
    weakness: int | None = None
    families: int | None = None


def refuse_issue(raised: Raised, locality: Locality) -> None:
    """Raise Refusal, beside its field, for what cannot be kept."""
    if not raised.text.strip():
        raise Refusal("Write down what families raised.", field="text")
    if len(raised.text) > LONGEST:
        raise Refusal(f"Please use {LONGEST} characters or fewer.", field="text")
    if raised.theme and raised.theme not in {topic.code for topic in locality.topics}:
        raise Refusal("Choose a theme from the list, or none.", field="theme")
    if raised.workstream is not None and raised.workstream not in {each.number for each in locality.workstreams}:
        raise Refusal("Choose a workstream from the list, or none.", field="workstream")
    if raised.weakness is not None and raised.weakness not in {each.number for each in locality.weaknesses}:
        raise Refusal("Choose a weakness from the list, or none.", field="weakness")
    if raised.families is not None and not 1 <= raised.families <= MOST_FAMILIES:
        raise Refusal(f"Write a whole number from 1 to {MOST_FAMILIES}, or leave it empty.", field="families")


def workstream_of(raised: Raised, locality: Locality) -> int | None:
    """Return its workstream: where only a weakness was chosen, the one that answers it."""
    if raised.workstream is not None or raised.weakness is None:
        return raised.workstream
    return next((each.workstream for each in locality.weaknesses if each.number == raised.weakness), None)


def due_on(raised_on: date) -> date:
    """Return the day by which families are to have an answer. Nothing moves it: what is late is late."""
    return raised_on + ANSWER_WITHIN


def is_late(raised_on: date, *, today: date, answered_on: date | None = None) -> bool:
    """Return whether there is no answer, and the day for it is over."""
    return answered_on is None and today > due_on(raised_on)


def answered_on_time(raised_on: date, answered_on: date | None) -> bool:
    """Return whether a published answer came by the day it was due."""
    return answered_on is not None and answered_on <= due_on(raised_on)


def days_to_done(raised_on: date, done_on: date) -> int:
    """Return how many days it took from raising it to doing it."""
    return (done_on - raised_on).days


def state_of(raised_on: date, *, today: date, answered_on: date | None = None) -> IssueState:
    """Return where an issue stands today."""
    if answered_on is not None:
        return IssueState.ANSWERED
    if is_late(raised_on, today=today):
        return IssueState.LATE
    return IssueState.DUE_SOON if due_on(raised_on) <= today + DUE_SOON else IssueState.OPEN


def may_name_session(families: int) -> bool:
    """Return whether so many families were there that the session may be named beside what one of them said."""
    return families >= NAME_SESSION_FROM


def raised_by(families: int | None) -> int | None:
    """Return how many families raised it if everybody may know that: a small number could point at them."""
    return families if families is not None and families >= SAY_FAMILIES_FROM else None


def owners(locality: Locality, *, today: date) -> tuple[Owner, ...]:
    """Return who can be asked to answer: the bodies that there are today, then schools and others."""
    bodies = (each for each in locality.organisations if each.to_date is None or each.to_date >= today)
    return (*(Owner(each.code, each.name) for each in bodies), *OTHER_OWNERS)


def owner_name(code: str, locality: Locality) -> str:
    """Return the name of who has to answer, also of a body that is no more; "" for nobody."""
    names = {each.code: each.name for each in locality.organisations} | {each.code: each.name for each in OTHER_OWNERS}
    return names.get(code, "")


def refuse_publishing(text: str, owner: str, *, is_fit: bool, locality: Locality, today: date) -> None:
    """Raise Refusal, beside its field, for what cannot be shown to everybody."""
    _refuse_text(text, empty="Write what everybody may read.", field="text")
    if owner not in {each.code for each in owners(locality, today=today)}:
        raise Refusal("Choose who has to answer.", field="owner")
    if not is_fit:
        raise Refusal("Read it once more, and say that it names nobody.", field="is_fit")


def refuse_update(text: str, *, is_public: bool) -> None:
    """Raise Refusal for an update that cannot be shown, Conflict while the issue itself is not."""
    if not is_public:
        raise Conflict(NOT_PUBLIC)
    _refuse_text(text, empty="Write what is new.", field="text")


def refuse_answer(outcome: IssueOutcome, reason: str, *, is_public: bool) -> None:
    """Raise Refusal for an answer that gives no reason, Conflict while the issue itself is not shown."""
    if not is_public:
        raise Conflict(NOT_PUBLIC)
    if outcome in NEED_REASON or reason.strip():
        _refuse_text(reason, empty="Give the reason, in plain words.", field="reason")


def _refuse_text(text: str, *, empty: str, field: str) -> None:
    if not text.strip():
        raise Refusal(empty, field=field)
    if len(text) > LONGEST:
        raise Refusal(f"Please use {LONGEST} characters or fewer.", field=field)
