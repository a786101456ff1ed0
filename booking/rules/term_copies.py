"""On which day of another term a session falls: the same week of the term, the same weekday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.locality.kinds import Term
from booking.rules.double_bookings import Stay, is_in_the_way

EITHER_SIDE = 7
"""How many days a copy may be moved to either side of the day it falls on."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A copy as it is planned; an online one has no stay and no district."""

    day: date
    stay: Stay | None
    district: str | None


def code_of(term: Term) -> str:
    """Return how an address names a term."""
    return f"{term.school_year}-{term.number}"


def same_day_of(day: date, *, source: date, target: date) -> date:
    """Return the day in the same week and on the same weekday, counted from the weeks in which the terms begin."""
    return _monday(target) + (day - _monday(source))


def days_around(day: date, *, after: date) -> list[date]:
    """Return the days a copy may be moved to: a week to either side, but none up to `after` (today)."""
    span = range(-EITHER_SIDE, EITHER_SIDE + 1)
    return [each for shift in span if (each := day + timedelta(days=shift)) > after]


def last_and_next(terms: Sequence[Term], *, today: date) -> tuple[Term | None, Term | None]:
    """Return the term that has begun last, and the first that is to come."""
    begun = [term for term in terms if term.start <= today]
    ahead = [term for term in terms if term.start > today]
    return (
        max(begun, key=lambda term: term.start, default=None),
        min(ahead, key=lambda term: term.start, default=None),
    )


def is_in_each_others_way(one: Planned, other: Planned) -> bool:
    """Tell whether two copies would be in the same room at the same time."""
    return one.stay is not None and other.stay is not None and is_in_the_way(one.stay, other.stay)


def is_near(one: Planned, other: Planned) -> bool:
    """Tell whether two copies would be in the same district on the same day."""
    return one.district is not None and one.district == other.district and one.day == other.day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
