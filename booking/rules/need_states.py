"""How far a request has got: which step may follow which, what is to be done next, and by which day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from booking.errors import Conflict, Refusal
from booking.rules.access_needs import ARRANGED_BEFORE_WORKING_DAYS
from booking.rules.calendar_periods import add_working_days
from booking.rules.words import NeedState

TOLD_WITHIN_WORKING_DAYS = 2
"""A family hears within this time that we cannot do something (`access-needs.md` 3.4)."""

SAID_WITHIN_WORKING_DAYS = 2
"""Whether it was there is said this soon after the session, while somebody remembers."""

OPEN = (NeedState.REQUESTED, NeedState.PLANNING)
"""Nothing is arranged yet."""

AHEAD = (*OPEN, NeedState.ARRANGED, NeedState.CONFIRMED_TO_FAMILY)
"""The session is still to bring it."""

OUTCOMES = (NeedState.MET, NeedState.PARTLY_MET, NeedState.NOT_MET)

OFF = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)


class Task(StrEnum):
    """What staff have to do next about a request."""

    ARRANGE = "arrange"
    TELL_ARRANGED = "tell_arranged"
    TELL_CANNOT = "tell_cannot"
    SAY_OUTCOME = "say_outcome"


def steps_from(state: NeedState, *, has_begun: bool) -> tuple[NeedState, ...]:
    """Give the states that may follow: preparing before the session, outcomes from its beginning on.

    Planning may be left out: what the place has is arranged with one step.
    """
    if not has_begun:
        return _BEFORE.get(state, (NeedState.REQUESTED,))
    if state == NeedState.CANNOT_MEET:
        return ()
    return tuple(each for each in (*OUTCOMES, NeedState.NO_LONGER_NEEDED) if each != state)


def refuse_step(was: NeedState, to: NeedState, *, has_begun: bool) -> None:
    """Raise Conflict when it is so already, and Refusal, with what to do instead, when this step may not follow."""
    if was == to:
        raise Conflict("Somebody has said so already. Nothing is left to change.")
    if to not in steps_from(was, has_begun=has_begun):
        raise Refusal(_why_not(was, to, has_begun=has_begun))


def task_of(state: NeedState, *, is_told: bool, is_over: bool, is_put_off: bool = False) -> Task | None:
    """Say what is to be done next, if anything is. A session without a date asks for nothing but to be honest."""
    if state == NeedState.CANNOT_MEET:
        return None if is_told else Task.TELL_CANNOT
    if is_put_off or state not in AHEAD:
        return None
    if is_over:
        return Task.SAY_OUTCOME
    if state in OPEN:
        return Task.ARRANGE
    return Task.TELL_ARRANGED if state == NeedState.ARRANGED else None


def task_due_on(
    task: Task, *, due_on: date | None, tell_by: date | None, session_on: date, holidays: Collection[date]
) -> date | None:
    """Give the day by which the next step is due."""
    if task == Task.TELL_CANNOT:
        return tell_by
    if task == Task.TELL_ARRANGED:
        return add_working_days(session_on, -ARRANGED_BEFORE_WORKING_DAYS, holidays)
    if task == Task.SAY_OUTCOME:
        return add_working_days(session_on, SAID_WITHIN_WORKING_DAYS, holidays)
    return due_on


def tell_by(today: date, holidays: Collection[date]) -> date:
    """Give the last day to tell a family of what we found out today that we cannot do."""
    return add_working_days(today, TOLD_WITHIN_WORKING_DAYS, holidays)


def working_days_between(today: date, day: date, holidays: Collection[date]) -> int:
    """Count the working days that are left until a day: 0 when it is today or over."""
    left = 0
    while today < day:
        today = add_working_days(today, 1, holidays)
        left += today <= day
    return left


def is_too_late_for(notice_days: int, *, today: date, session_on: date, holidays: Collection[date]) -> bool:
    """Tell whether a supplier wants more notice than the time that is left."""
    return working_days_between(today, session_on, holidays) < notice_days


_BEFORE = {
    NeedState.REQUESTED: (NeedState.PLANNING, NeedState.ARRANGED, *OFF),
    NeedState.PLANNING: (NeedState.ARRANGED, NeedState.REQUESTED, *OFF),
    NeedState.ARRANGED: (NeedState.CONFIRMED_TO_FAMILY, NeedState.PLANNING, *OFF),
    NeedState.CONFIRMED_TO_FAMILY: (NeedState.PLANNING, *OFF),
    NeedState.CANNOT_MEET: (NeedState.PLANNING, NeedState.NO_LONGER_NEEDED),
    NeedState.NO_LONGER_NEEDED: (NeedState.REQUESTED,),
}


def _why_not(was: NeedState, to: NeedState, *, has_begun: bool) -> str:
    if to in OUTCOMES and not has_begun:
        return "The session is still to come. Say after it whether it was there."
    if was == NeedState.CANNOT_MEET:
        return "We said that we cannot do it. Take it up again first, or leave it as it is."
    if has_begun:
        return "The session has begun. Say whether it was there."
    if was == NeedState.NO_LONGER_NEEDED:
        return "The family does not need it any more. If they do, put it back to “asked for” first."
    if to == NeedState.CONFIRMED_TO_FAMILY:
        return "It is not arranged yet. Arrange it first, then tell the family."
    return "It is further than that already. If it has to be arranged anew, say “being arranged”."
