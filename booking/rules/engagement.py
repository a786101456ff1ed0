"""What is counted, and how: workstream 1's counting rules as pure functions over plain facts.

The numbers in the comments are those of the counting rules in `docs/figures.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from booking.rules.calendar_periods import Period
from booking.rules.words import EventStatus, Outcome

NEW_AFTER_MONTHS = 24
REGISTER_OPEN_FOR = timedelta(days=14)
SHORT_NOTICE = timedelta(hours=48)
UNKNOWN = "unknown"
ALL = "all"
ONLINE = "online"
"""The venue district of a session that has no venue or is held online."""
Entry = tuple[Hashable, int]
"""What one fact adds to a measure: the thing counted once, and how much it weighs."""


class SessionState(StrEnum):
    """What became of a session; derived, never stored."""

    HELD = "held"
    CANCELLED = "cancelled"
    PLANNED = "planned"
    POSTPONED = "postponed"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """What the figures know of a session. `seats` is None without a limit or where nothing is booked."""

    id: int
    starts_on: date
    state: SessionState
    kind: str
    delivery: str
    district: str
    time_band: str = ""
    participation: str = ""
    workstreams: tuple[str, ...] = ()
    seats: int | None = None
    by_appointment: bool = False
    cancel_reason: str = ""
    short_notice: bool = False
    is_register_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFact:
    """One adult's place on a confirmed booking. `family` is None for somebody who gave no details."""

    id: int
    session: SessionFact
    booking: int
    family: int | None
    adult: int | None
    district: str
    origin: str
    is_walk_in: bool
    is_participant: bool
    outcome: Outcome
    age_phases: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    need_areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFact:
    """What somebody looked for and did not find, and told us."""

    id: int
    made_on: date
    reason: str
    district: str
    kind: str = ""
    time_band: str = ""


class Cell(NamedTuple):
    """One number's place: what is measured, broken down by what, for which category."""

    measure: str
    breakdown: str = ALL
    category: str = ALL


def state_of(
    status: EventStatus, *, ends_at: datetime, was_published: bool, new_date_pending: bool, now: datetime
) -> SessionState:
    """Derive what became of a session. A postponed one counts once, on its final date (2)."""
    if not was_published or status == EventStatus.DRAFT:
        return SessionState.DRAFT
    if status == EventStatus.CANCELLED:
        return SessionState.CANCELLED
    if new_date_pending:
        return SessionState.POSTPONED
    return SessionState.HELD if ends_at <= now else SessionState.PLANNED


def is_register_overdue(*, closed_at: datetime | None, ends_at: datetime, now: datetime) -> bool:
    """Tell whether a register was never closed within 14 days: its outcomes then count as not recorded (18)."""
    return closed_at is None and now - ends_at > REGISTER_OPEN_FOR


def is_short_notice(*, cancelled_at: datetime | None, starts_at: datetime) -> bool:
    """Tell whether we cancelled less than 48 hours before the start."""
    return cancelled_at is not None and starts_at - cancelled_at < SHORT_NOTICE


def new_families(places: Iterable[PlaceFact], attended_on: Mapping[int, Collection[date]]) -> frozenset[int]:
    """Find the families that came and had not come in the 24 months before their first session of the period (14).

    `attended_on` holds the days each family came, before the period and in it.
    """
    first: dict[int, date] = {}
    for place in places:
        if place.family is not None and _came(place):
            day = place.session.starts_on
            first[place.family] = min(day, first.get(place.family, day))
    return frozenset(
        family
        for family, day in first.items()
        if not any(months_before(day, NEW_AFTER_MONTHS) <= earlier < day for earlier in attended_on.get(family, ()))
    )


def months_before(day: date, months: int) -> date:
    """Give the same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def count(
    period: Period,
    *,
    sessions: Iterable[SessionFact],
    places: Iterable[PlaceFact],
    attended_on: Mapping[int, Collection[date]],
    breakdowns: Collection[str],
    wishes: Iterable[WishFact] = (),
) -> dict[Cell, int]:
    """Count every measure of a period, in all and in each category of the breakdowns asked for.

    A session belongs to the period of its local start date. What is counted once (a family, an adult) is counted
    once in each cell, so a total is not the sum of its parts (6, 12).
    """
    there = [session for session in sessions if session.starts_on in period]
    people = [place for place in places if place.session.starts_on in period and _counts(place)]
    new = new_families(people, attended_on)
    seen: dict[Cell, dict[Hashable, int]] = {}
    for session in there:
        _tally(seen, _SESSION_MEASURES, _SESSION_CATEGORIES, session, breakdowns)
    measures = _PLACE_MEASURES | {
        "families_new": lambda place: _family(place) if place.family in new else None,
        "families_returning": lambda place: _family(place) if place.family not in new else None,
    }
    for place in people:
        _tally(seen, measures, _PLACE_CATEGORIES, place, breakdowns)
    for wish in wishes:
        if wish.made_on in period:
            _tally(seen, _WISH_MEASURES, _WISH_CATEGORIES, wish, breakdowns)
    counts = {Cell(measure): 0 for measure in (*_SESSION_MEASURES, *measures, *_WISH_MEASURES)}
    counts.update({cell: sum(weights.values()) for cell, weights in seen.items()})
    return counts


def _tally(
    seen: dict[Cell, dict[Hashable, int]],
    measures: Mapping[str, Callable[..., Entry | None]],
    categories: Mapping[str, Callable[..., tuple[str, ...]]],
    fact: SessionFact | PlaceFact | WishFact,
    breakdowns: Collection[str],
) -> None:
    wanted = [(code, categories[code](fact) or (UNKNOWN,)) for code in breakdowns if code in categories]
    for measure, select in measures.items():
        entry = select(fact)
        if entry is None:
            continue
        key, weight = entry
        seen.setdefault(Cell(measure), {})[key] = weight
        for code, names in wanted:
            for name in names:
                seen.setdefault(Cell(measure, code, name or UNKNOWN), {})[key] = weight


def _counts(place: PlaceFact) -> bool:
    """Only participants' places in held sessions count (1, 9)."""
    return place.is_participant and place.session.state == SessionState.HELD


def outcome_of(place: PlaceFact) -> Outcome:
    """Give the outcome as the figures see it: not recorded where the register was never closed (18)."""
    return Outcome.NOT_RECORDED if place.session.is_register_overdue else place.outcome


def _came(place: PlaceFact) -> bool:
    return outcome_of(place) == Outcome.ATTENDED


def _stayed_away(place: PlaceFact) -> bool:
    return outcome_of(place) == Outcome.DID_NOT_COME


def _once(place: PlaceFact, is_counted: object) -> Entry | None:
    return (place.id, 1) if is_counted else None


def _family(place: PlaceFact) -> Entry | None:
    return (place.family, 1) if place.family is not None and _came(place) else None


def _adult(place: PlaceFact) -> Entry | None:
    return (place.adult, 1) if place.adult is not None and _came(place) else None


def _seat_used(place: PlaceFact) -> Entry | None:
    """A seat is a person's, or an appointment that anybody of the booking came to (8)."""
    if place.session.seats is None or not _came(place):
        return None
    return (("booking", place.booking), 1) if place.session.by_appointment else (("place", place.id), 1)


def _in(*states: SessionState) -> Callable[[SessionFact], Entry | None]:
    return lambda session: (session.id, 1) if session.state in states else None


_SESSION_MEASURES: dict[str, Callable[[SessionFact], Entry | None]] = {
    "offered": _in(SessionState.HELD, SessionState.CANCELLED, SessionState.PLANNED),
    "held": _in(SessionState.HELD),
    "cancelled": _in(SessionState.CANCELLED),
    "cancelled_late": lambda s: (s.id, 1) if s.state == SessionState.CANCELLED and s.short_notice else None,
    "seats": lambda s: (s.id, s.seats) if s.state == SessionState.HELD and s.seats is not None else None,
}

_PLACE_MEASURES: dict[str, Callable[[PlaceFact], Entry | None]] = {
    "attended": lambda p: _once(p, _came(p)),
    "attended_walk_in": lambda p: _once(p, _came(p) and p.is_walk_in),
    "attended_booked": lambda p: _once(p, _came(p) and not p.is_walk_in),
    "attended_anonymous": lambda p: _once(p, _came(p) and p.family is None),
    "did_not_come": lambda p: _once(p, _stayed_away(p) and not p.is_walk_in),
    "due": lambda p: _once(p, (_came(p) or _stayed_away(p)) and not p.is_walk_in),
    "recorded": lambda p: _once(p, outcome_of(p) != Outcome.NOT_RECORDED),
    "unrecorded": lambda p: _once(p, outcome_of(p) == Outcome.NOT_RECORDED),
    "expected": lambda p: _once(p, True),
    "seats_used": _seat_used,
    "families": _family,
    "adults": _adult,
}

_WISH_MEASURES: dict[str, Callable[[WishFact], Entry | None]] = {"wishes": lambda w: (w.id, 1)}

_SESSION_CATEGORIES: dict[str, Callable[[SessionFact], tuple[str, ...]]] = {
    "V": lambda s: (s.district,),
    "K": lambda s: (s.kind,),
    "L": lambda s: (s.delivery,),
    "T": lambda s: (s.time_band,),
    "P": lambda s: (s.participation,),
    "W": lambda s: s.workstreams,
    "R": lambda s: (s.cancel_reason,),
}

_PLACE_CATEGORIES: dict[str, Callable[[PlaceFact], tuple[str, ...]]] = {
    "D": lambda p: (p.district,),
    "V": lambda p: (p.session.district,),
    "K": lambda p: (p.session.kind,),
    "L": lambda p: (p.session.delivery,),
    "T": lambda p: (p.session.time_band,),
    "O": lambda p: (p.origin,),
    "A": lambda p: p.age_phases,
    "S": lambda p: p.supports,
    "N": lambda p: p.need_areas,
}

_WISH_CATEGORIES: dict[str, Callable[[WishFact], tuple[str, ...]]] = {
    "D": lambda w: (w.district,),
    "K": lambda w: (w.kind,),
    "T": lambda w: (w.time_band,),
    "U": lambda w: (w.reason,),
}
