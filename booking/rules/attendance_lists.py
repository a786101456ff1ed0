"""Attendance lists: which columns they have, who may see which, and how long one may be fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from booking.rules.permissions import Action
from booking.rules.words import EventKind

KEPT_FOR = timedelta(hours=24)
"""From asking for a list to when it can no longer be fetched."""
RUN_THE_SESSION = "run the session"
"""The reason of a list of one session, which nobody has to type."""


class ListColumn(StrEnum):
    """One column of a list, in the order they stand."""

    SESSION = "session"
    BEGINS = "begins"
    VENUE = "venue"
    NAME = "name"
    WHO = "who"
    REFERENCE = "reference"
    ORIGIN = "origin"
    STATUS = "status"
    OUTCOME = "outcome"
    ARRIVED = "arrived"
    CHILDREN = "children"
    TIME = "time"
    EMAIL = "email"
    PHONE = "phone"
    TO_DO = "to_do"


OF_MANY_SESSIONS = frozenset({ListColumn.SESSION, ListColumn.BEGINS, ListColumn.VENUE})
"""What a list of one session says once, above it."""
ON_REQUEST = frozenset({ListColumn.EMAIL, ListColumn.PHONE, ListColumn.TO_DO})
"""What is in a list only if somebody ticks it."""
NEEDS_RIGHT = {
    ListColumn.ORIGIN: Action.SEE_BOOKINGS,
    ListColumn.EMAIL: Action.SEE_BOOKINGS,
    ListColumn.PHONE: Action.SEE_BOOKINGS,
    ListColumn.TO_DO: Action.SEE_NEEDS,
}
"""What the register at the door does not show. In a list of many sessions names need a right, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which sessions a list is about: those that begin on these days, and match whatever else is said."""

    first: date
    last: date
    venue_id: int | None = None
    district: str = ""
    kinds: tuple[EventKind, ...] = ()


def columns_for(actions: Collection[Action], *, many_sessions: bool) -> list[ListColumn]:
    """Return the columns that somebody may see who may do these things with every session of the list."""
    needs = NEEDS_RIGHT | ({ListColumn.NAME: Action.SEE_BOOKINGS} if many_sessions else {})
    return [
        column
        for column in ListColumn
        if (many_sessions or column not in OF_MANY_SESSIONS) and (column not in needs or needs[column] in actions)
    ]


def chosen_columns(asked: Iterable[str], allowed: Iterable[ListColumn]) -> list[ListColumn]:
    """Return what was asked for of what is allowed, in order; what is usual, if nothing was."""
    wanted = set(asked)
    offered = list(allowed)
    chosen = [column for column in offered if column.value in wanted]
    return chosen or [column for column in offered if column not in ON_REQUEST]
