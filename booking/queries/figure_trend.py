"""A few figures over several quarters, counted from what the database adds up for each session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from booking.locality.kinds import Locality
from booking.queries.facts.by_session import Attendance, attendances, confident, promises, sessions_in_brief
from booking.queries.facts.past import Visit
from booking.queries.facts.span import Span
from booking.queries.facts.wanted import waits
from booking.rules.calendar_periods import Period, previous_period
from booking.rules.engagement.facts import (
    NEW_AFTER_MONTHS,
    UNMET_AFTER,
    SessionFact,
    SessionState,
    WaitFact,
    had_come,
    months_before,
)
from booking.rules.engagement.narrowing import Narrowing, is_one_small_session
from booking.rules.intervals import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """One quarter of the trend.

    `attendance_rate`, `unmet` (of families that waited, those that found nothing), `promises` (of what was asked for,
    what was there) and `confident` are shares. `is_small`: one session alone, that fewer than five people came to.
    """

    period: Period
    held: int
    attendances: int
    families: int
    new_families: int
    came: Share
    unmet: Share
    promises: Share
    confident: Share

    @property
    def attendance_rate(self) -> Decimal | None:
        """Give the percentage of those due who came, or None when nobody was due."""
        return self.came.percent

    @property
    def is_small(self) -> bool:
        """Whether it is one session that fewer than five people came to."""
        return is_one_small_session(held=self.held, people=self.attendances)


def quarters_until(last: Period, *, number: int = 9) -> list[Period]:
    """List so many quarters up to and with the last, oldest first."""
    periods = [last]
    while len(periods) < number:
        periods.append(previous_period(periods[-1]))
    return periods[::-1]


def trend(
    periods: Sequence[Period], *, locality: Locality, only: Narrowing | None = None, on: date | None = None
) -> list[Quarter]:
    """Count the trend of true numbers, of all sessions or `only` some, for the screen of staff.

    It gives what `rules/engagement/counting` counts of the same rows. Districts are those of the last day, or of
    another, in all periods: else a line would end where one was renamed.
    """
    first, last = periods[0], periods[-1]
    span = Span.of_days(first.start, last.end)
    around = Span.of_days(months_before(first.start, NEW_AFTER_MONTHS), last.end + UNMET_AFTER)
    area = locality.on(on or last.end)
    sessions = list(sessions_in_brief(around, area))
    came = attendances(around)
    visits = [
        _Visits(Visit(session.day, session.kind), came[session.id].families)
        for session in sessions
        if session.has_register and session.id in came
    ]
    inside = {session.id: session for session in sessions if first.start <= session.day <= last.end}
    waiting = waits(span, inside, lambda families: _visits_of(families, visits), area)
    shown = only or Narrowing()
    read = _Read(
        sessions=[session for session in inside.values() if shown.holds(session)],
        came=came,
        visits=visits,
        waits=[wait for wait in waiting if shown.holds(wait.session)],
        promises=promises(span),
        confident=confident(span),
    )
    return [_quarter(period, read) for period in periods]


@dataclass(frozen=True, slots=True)
class _Visits:
    """The families that came to one session."""

    visit: Visit
    families: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read for all quarters; by session what the database added up."""

    sessions: Sequence[SessionFact]
    came: Mapping[int, Attendance]
    visits: Sequence[_Visits]
    waits: Sequence[WaitFact]
    promises: Mapping[int, Share]
    confident: Mapping[int, Share]


def _quarter(period: Period, read: _Read) -> Quarter:
    there = [session for session in read.sessions if session.day in period]
    held = [session for session in there if session.state == SessionState.HELD]
    registers = [
        (session.day, read.came[session.id]) for session in there if session.has_register and session.id in read.came
    ]
    waits = [wait for wait in read.waits if wait.day in period]
    waiting, helped = {wait.family for wait in waits}, {wait.family for wait in waits if wait.was_helped}
    return Quarter(
        period=period,
        held=len(held),
        attendances=sum(came.came for _day, came in registers),
        families=len(_union(came.families for _day, came in registers)),
        new_families=_new_families(period, [(day, came.families) for day, came in registers], read.visits),
        came=Share(sum(came.came_booked for _day, came in registers), sum(came.due for _day, came in registers)),
        unmet=Share(len(waiting) - len(helped), len(waiting)),
        promises=_sum(read.promises, held),
        confident=_sum(read.confident, there),
    )


def _new_families(period: Period, came: Sequence[tuple[date, Set[int]]], visits: Iterable[_Visits]) -> int:
    """Count the families that had not come in the 24 months before their first session of the period (14).

    Whoever came in the 24 months before the period's last day, and before its first, is not new, on whichever day of
    it the family came. So only of the few others all days are looked at.
    """
    begin, end = months_before(period.start, NEW_AFTER_MONTHS), months_before(period.end, NEW_AFTER_MONTHS)
    earlier = [each for each in visits if begin <= each.visit.day <= period.end]
    known = _union(each.families for each in earlier if end <= each.visit.day < period.start)
    unsure = _union(families for _day, families in came) - known
    first: dict[int, date] = {}
    for day, families in sorted(came, key=lambda each: each[0]):
        for family in families & unsure:
            first.setdefault(family, day)
    days = _visits_of(unsure, earlier)
    return sum(not had_come(day, (visit.day for visit in days.get(family, ()))) for family, day in first.items())


def _visits_of(families: Set[int], visits: Iterable[_Visits]) -> dict[int, set[Visit]]:
    found: dict[int, set[Visit]] = {}
    for each in visits:
        for family in each.families & families:
            found.setdefault(family, set()).add(each.visit)
    return found


def _union(families: Iterable[Set[int]]) -> frozenset[int]:
    return frozenset().union(*families)


def _sum(shares: Mapping[int, Share], sessions: Collection[SessionFact]) -> Share:
    there = [shares[session.id] for session in sessions if session.id in shares]
    return Share(sum(share.part for share in there), sum(share.whole for share in there))
