"""Who is with which desk, who is next, and how late each desk runs, as far as the door knows it at this moment.

A desk is everybody who has times under one role; it sees as many families at once as it has `seats`. Who booked is
seen in the order of the times, once they are here; who walked in and took no time comes after them, in the order of
arrival. A desk is late when somebody who is here has to wait longer than until their time: nobody's own lateness, and
nobody who did not come, makes it late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from booking.rules.words import Turn

FINISHED = (Turn.DONE, Turn.LEFT)
WERE_HERE = (Turn.WITH_DESK, Turn.DONE, Turn.LEFT)
"""Who got so far has come, whether somebody wrote it down or not."""
USUAL = timedelta(minutes=20)
"""How long a talk is taken to last at a desk that has no times (any more)."""
ROUNDED_TO = 5
"""Minutes: nobody can promise more exactly."""
_NEVER = datetime.max.replace(tzinfo=UTC)
"""Where a moment is not known, after all that are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One role with times: how many families it sees at once, and for how long each."""

    name: str
    seats: int = 1
    length: timedelta = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One family that wants to see a desk. `key` is whatever the page knows it by.

    `starts_at` is None for somebody who walked in and took no time; `is_absent` for whom the register says that they
    did not come.
    """

    key: int
    desk: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_here: bool = False
    is_absent: bool = False
    arrived_at: datetime | None = None
    turn: Turn | None = None
    turn_at: datetime | None = None

    @property
    def ready_at(self) -> datetime | None:
        """Return from when they could be seen: from their time, or from when they came, if that was later."""
        known = [moment for moment in (self.starts_at, self.arrived_at) if moment is not None]
        return max(known, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One desk as it stands. Every family is in exactly one of the lists, or did not come.

    `queue` is who is here, in the order in which they are seen; `expected` is who has a later time and is not here
    yet, `missing` whose time has come, and `late` who said that they come later. `finished` begins with the latest.
    """

    desk: Desk
    with_desk: tuple[Visit, ...]
    queue: tuple[Visit, ...]
    missing: tuple[Visit, ...]
    late: tuple[Visit, ...]
    expected: tuple[Visit, ...]
    finished: tuple[Visit, ...]
    minutes_late: int

    @property
    def next(self) -> Visit | None:
        """Return who is seen next: the first who is here, or else who has the next time."""
        return next(iter((*self.queue, *self.expected)), None)

    @property
    def about_late(self) -> int:
        """Return how many minutes late it runs, to the nearest five."""
        return (self.minutes_late + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def running_board(desks: Sequence[Desk], visits: Iterable[Visit], *, now: datetime) -> tuple[Column, ...]:
    """Say for each desk how it stands; one that only a visit names comes after those with times."""
    all_visits = tuple(visits)
    known = {desk.name for desk in desks}
    more = sorted({visit.desk for visit in all_visits} - known)
    return tuple(
        _column(desk, [visit for visit in all_visits if visit.desk == desk.name], now=now)
        for desk in (*desks, *(Desk(name=name) for name in more))
    )


def may_follow(was: Turn | None, turn: Turn | None) -> bool:
    """Tell whether somebody can have meant this: who is or was with the desk does not come late, nor leave unseen."""
    return turn not in (Turn.LATE, Turn.LEFT) or was not in (Turn.WITH_DESK, Turn.DONE)


def step_back(turn: Turn) -> Turn | None:
    """Return what was before, for who pressed the wrong button."""
    return Turn.WITH_DESK if turn == Turn.DONE else None


def _column(desk: Desk, visits: Sequence[Visit], *, now: datetime) -> Column:
    with_desk = sorted((each for each in visits if each.turn == Turn.WITH_DESK), key=_by_turn)
    waiting = [each for each in visits if each.turn in (None, Turn.LATE)]
    queue = sorted((each for each in waiting if each.is_here), key=_in_order)
    away = sorted((each for each in waiting if not each.is_here and not each.is_absent), key=_in_order)
    punctual = [each for each in away if each.turn is None]
    expected = [each for each in punctual if _is_to_come(each, now=now)]
    return Column(
        desk=desk,
        with_desk=tuple(with_desk),
        queue=tuple(queue),
        missing=tuple(each for each in punctual if each not in expected),
        late=tuple(each for each in away if each.turn == Turn.LATE),
        expected=tuple(expected),
        finished=tuple(sorted((each for each in visits if each.turn in FINISHED), key=_by_turn, reverse=True)),
        minutes_late=_minutes_late(desk, with_desk, [*queue, *expected], now=now),
    )


def _minutes_late(desk: Desk, with_desk: Sequence[Visit], to_come: Sequence[Visit], *, now: datetime) -> int:
    """Return how long after its time the desk is free for the first who booked and can be seen."""
    ready = [each.ready_at for each in to_come if each.starts_at is not None and each.ready_at is not None]
    if not ready:
        return 0
    late = _free_at(desk, with_desk, now=now) - min(ready)
    return max(int(late.total_seconds() // 60), 0)


def _free_at(desk: Desk, with_desk: Sequence[Visit], *, now: datetime) -> datetime:
    """Return when somebody can sit down: now, or when the first of those who sit there is likely to get up."""
    if len(with_desk) < desk.seats:
        return now
    ends = sorted(max(now, (each.turn_at or now) + _length(each, desk)) for each in with_desk)
    return ends[len(with_desk) - desk.seats]


def _length(visit: Visit, desk: Desk) -> timedelta:
    if visit.starts_at is None or visit.ends_at is None:
        return desk.length
    return visit.ends_at - visit.starts_at


def _is_to_come(visit: Visit, *, now: datetime) -> bool:
    return visit.starts_at is not None and visit.starts_at > now


def _in_order(visit: Visit) -> tuple[bool, datetime, datetime, int]:
    """Sort by time, who has none by arrival after all who have one."""
    first = visit.starts_at or visit.arrived_at or _NEVER
    return visit.starts_at is None, first, visit.arrived_at or _NEVER, visit.key


def _by_turn(visit: Visit) -> tuple[datetime, int]:
    return visit.turn_at or _NEVER, visit.key
