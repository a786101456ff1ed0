"""Which step may follow which, what is to be done next, and by which day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from booking.errors import Conflict, Refusal
from booking.locality import get_locality
from booking.rules.need_states import (
    AHEAD,
    OUTCOMES,
    Task,
    is_too_late_for,
    refuse_step,
    steps_from,
    task_due_on,
    task_of,
    tell_by,
    working_days_between,
)
from booking.rules.words import NeedState

HOLIDAYS = get_locality("kent").bank_holidays


def test_the_way_from_asking_to_telling_is_open() -> None:
    way = [NeedState.REQUESTED, NeedState.PLANNING, NeedState.ARRANGED, NeedState.CONFIRMED_TO_FAMILY]
    for was, to in pairwise(way):
        refuse_step(was, to, has_begun=False)


@pytest.mark.parametrize("was", AHEAD)
@pytest.mark.parametrize("to", OUTCOMES)
def test_an_outcome_is_said_after_the_session_and_not_before(was: NeedState, to: NeedState) -> None:
    refuse_step(was, to, has_begun=True)
    with pytest.raises(Refusal, match="still to come"):
        refuse_step(was, to, has_begun=False)


@pytest.mark.parametrize(
    ("was", "to", "has_begun", "why"),
    [
        (NeedState.REQUESTED, NeedState.CONFIRMED_TO_FAMILY, False, "not arranged yet"),
        (NeedState.PLANNING, NeedState.CONFIRMED_TO_FAMILY, False, "not arranged yet"),
        (NeedState.CONFIRMED_TO_FAMILY, NeedState.REQUESTED, False, "further than that"),
        (NeedState.CANNOT_MEET, NeedState.ARRANGED, False, "Take it up again"),
        (NeedState.CANNOT_MEET, NeedState.MET, True, "Take it up again"),
        (NeedState.NO_LONGER_NEEDED, NeedState.ARRANGED, False, "put it back"),
        (NeedState.ARRANGED, NeedState.PLANNING, True, "has begun"),
        (NeedState.ARRANGED, NeedState.CANNOT_MEET, True, "has begun"),
    ],
)
def test_other_steps_are_refused_with_what_to_do_instead(
    was: NeedState, to: NeedState, has_begun: bool, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        refuse_step(was, to, has_begun=has_begun)


@pytest.mark.parametrize("state", list(NeedState))
@pytest.mark.parametrize("has_begun", [False, True])
def test_what_is_offered_is_what_is_not_refused(state: NeedState, has_begun: bool) -> None:
    offered = steps_from(state, has_begun=has_begun)
    for to in NeedState:
        if to in offered:
            refuse_step(state, to, has_begun=has_begun)
        else:
            with pytest.raises(Refusal):
                refuse_step(state, to, has_begun=has_begun)


def test_saying_it_twice_is_a_conflict() -> None:
    with pytest.raises(Conflict):
        refuse_step(NeedState.ARRANGED, NeedState.ARRANGED, has_begun=False)


@pytest.mark.parametrize(
    ("state", "is_told", "is_over", "task"),
    [
        (NeedState.REQUESTED, False, False, Task.ARRANGE),
        (NeedState.PLANNING, False, False, Task.ARRANGE),
        (NeedState.ARRANGED, False, False, Task.TELL_ARRANGED),
        (NeedState.CONFIRMED_TO_FAMILY, True, False, None),
        (NeedState.CANNOT_MEET, False, False, Task.TELL_CANNOT),
        (NeedState.CANNOT_MEET, False, True, Task.TELL_CANNOT),
        (NeedState.CANNOT_MEET, True, False, None),
        (NeedState.CONFIRMED_TO_FAMILY, True, True, Task.SAY_OUTCOME),
        (NeedState.REQUESTED, False, True, Task.SAY_OUTCOME),
        (NeedState.MET, False, True, None),
        (NeedState.NO_LONGER_NEEDED, False, False, None),
    ],
)
def test_what_is_to_be_done_next(state: NeedState, is_told: bool, is_over: bool, task: Task | None) -> None:
    assert task_of(state, is_told=is_told, is_over=is_over) == task


def test_a_session_without_a_date_asks_for_nothing_but_to_be_honest() -> None:
    assert task_of(NeedState.REQUESTED, is_told=False, is_over=False, is_put_off=True) is None
    assert task_of(NeedState.CANNOT_MEET, is_told=False, is_over=False, is_put_off=True) == Task.TELL_CANNOT


def test_a_family_hears_in_two_working_days_and_bank_holidays_are_none() -> None:
    assert tell_by(date(2026, 12, 4), HOLIDAYS) == date(2026, 12, 8), "Friday: by Tuesday"
    assert tell_by(date(2026, 12, 24), HOLIDAYS) == date(2026, 12, 30), "Christmas, a weekend and Boxing Day's Monday"


def test_each_step_is_due_by_its_own_day() -> None:
    days = {"due_on": date(2026, 11, 2), "tell_by": date(2026, 11, 5), "session_on": date(2026, 12, 14)}
    assert task_due_on(Task.ARRANGE, holidays=HOLIDAYS, **days) == date(2026, 11, 2)
    assert task_due_on(Task.TELL_CANNOT, holidays=HOLIDAYS, **days) == date(2026, 11, 5)
    assert task_due_on(Task.TELL_ARRANGED, holidays=HOLIDAYS, **days) == date(2026, 12, 10)
    assert task_due_on(Task.SAY_OUTCOME, holidays=HOLIDAYS, **days) == date(2026, 12, 16)


def test_a_supplier_who_wants_more_notice_than_is_left_is_too_late() -> None:
    friday, next_friday = date(2026, 12, 4), date(2026, 12, 11)
    assert working_days_between(friday, next_friday, HOLIDAYS) == 5
    assert working_days_between(friday, friday, HOLIDAYS) == 0
    assert not is_too_late_for(5, today=friday, session_on=next_friday, holidays=HOLIDAYS)
    assert is_too_late_for(6, today=friday, session_on=next_friday, holidays=HOLIDAYS)
