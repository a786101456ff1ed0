"""What is to be done next about a promise and by which day, worked out by the database: made from the rule itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, null, type_coerce

from booking import clock
from booking.models import Event, NeedRequest
from booking.models.base import Coded
from booking.rules.need_states import Task, task_due_on, task_of
from booking.rules.words import NeedState


def next_task(*, now: datetime) -> ColumnElement[Any]:
    """Say in the database what is to be done next: each of its cases is an answer of `task_of`."""
    cases = []
    for is_told, is_over, is_put_off in product((False, True), repeat=3):
        states = defaultdict(list)
        for state in NeedState:
            states[task_of(state, is_told=is_told, is_over=is_over, is_put_off=is_put_off)].append(state)
        so_far = (
            NeedRequest.told_at.is_not(None) if is_told else NeedRequest.told_at.is_(None),
            Event.ends_at <= now if is_over else Event.ends_at > now,
            Event.new_date_pending.is_(is_put_off),
        )
        cases += [
            (and_(*so_far, NeedRequest.state.in_(those)), task.value)
            for task, those in states.items()
            if task is not None
        ]
    return type_coerce(case(*cases), Coded(Task))


def task_due(
    task: ColumnElement[Any], *, coming: Collection[date], over: Collection[date], holidays: Collection[date]
) -> ColumnElement[Any]:
    """Give in the database the day by which that is due; the sessions are on these days.

    Two of the days are kept with the request. The others follow from the session's day and the bank holidays, which
    may change without anybody touching a row: so they are not kept, but asked of the rule day by day and handed over.
    """
    days = {
        Task.ARRANGE: NeedRequest.due_on,
        Task.TELL_CANNOT: NeedRequest.tell_by,
        Task.TELL_ARRANGED: _by_day(Task.TELL_ARRANGED, coming, holidays),
        Task.SAY_OUTCOME: _by_day(Task.SAY_OUTCOME, over, holidays),
    }
    return type_coerce(case({each.value: day for each, day in days.items()}, value=task), Date())


def _by_day(task: Task, session_days: Collection[date], holidays: Collection[date]) -> ColumnElement[Any]:
    """Say by which day this is due for sessions up to the end of a day, then of the next: those due together, once."""
    last_of: dict[date | None, date] = {}
    for day in sorted(session_days):
        last_of[task_due_on(task, due_on=None, tell_by=None, session_on=day, holidays=holidays)] = day
    steps = [(Event.starts_at < clock.end_of_day(day), due) for due, day in last_of.items()]
    return case(*steps) if steps else null()
