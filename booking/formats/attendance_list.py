"""An attendance list in words: its headings, each person's row, and for whom it was made. In English, for staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter, call, itemgetter
from typing import Any

from booking.formats.spreadsheets import Value
from booking.formats.words_for import clock_time, short_date, spoken_reference, staff_wording, wording
from booking.rules.attendance_lists import ListColumn
from booking.rules.attendance_row import ListRow, ListSession
from booking.rules.door import short_name

HEADINGS = {
    ListColumn.SESSION: "Session",
    ListColumn.BEGINS: "Begins",
    ListColumn.VENUE: "Venue",
    ListColumn.NAME: "Name",
    ListColumn.WHO: "Who",
    ListColumn.REFERENCE: "Reference",
    ListColumn.ORIGIN: "How they booked",
    ListColumn.STATUS: "Booking",
    ListColumn.OUTCOME: "Outcome",
    ListColumn.ARRIVED: "Arrived",
    ListColumn.CHILDREN: "Children",
    ListColumn.TIME: "Time",
    ListColumn.EMAIL: "Email",
    ListColumn.PHONE: "Phone",
    ListColumn.TO_DO: "What to do for them",
}
_REMEMBERED = 1024
FOR = "For"
"""The heading of the last column, which says in every row for whom the list is: rows are copied, pages get lost."""


def headings(columns: Iterable[ListColumn], *, mark: str = "") -> list[str]:
    """Return the first line of a list; with a mark, its column as well."""
    return [HEADINGS[column] for column in columns] + ([FOR] if mark else [])


def watermark(who: str, *, day: date, reason: str) -> str:
    """Say for whom a list was made, when and why."""
    return f"For {short_name(who) or 'staff'}, {short_date(day)}, {reason}; do not pass on"


def list_cells(
    rows: Iterable[ListRow], columns: Sequence[ListColumn], *, mark: str = "", full_names: bool = True
) -> Iterator[list[Value]]:
    """Say a list in words, one person a row. Whoever may not see bookings gets names as the register has them."""
    words = _words(full_names)
    say = [words[column] for column in columns]
    pick = itemgetter(*(_PLACES[column] for column in columns), 0)  # one more: of one alone it would give no tuple
    last: list[Value] = [mark] if mark else []
    return ([*map(call, say, pick(row)), *last] for row in rows)


_PLACES = {
    column: ListRow._fields.index(
        {
            ListColumn.SESSION: "session",
            ListColumn.BEGINS: "session",
            ListColumn.VENUE: "session",
            ListColumn.WHO: "kind",
            ListColumn.ARRIVED: "arrived_at",
            ListColumn.TIME: "slot_at",
        }.get(column, column.value)
    )
    for column in ListColumn
}
"""Where in a row the value stands that a column shows."""


def _words(full_names: bool) -> dict[ListColumn, Callable[[Any], Value]]:
    """Return how each column says its value. What is the same in many rows is put into words once."""
    said = lru_cache(maxsize=_REMEMBERED)
    return {
        ListColumn.SESSION: attrgetter("title"),
        ListColumn.BEGINS: said(_begins),
        ListColumn.VENUE: lambda session: session.venue or "",
        ListColumn.NAME: _or_nothing if full_names else short_name,
        ListColumn.WHO: said(wording),
        ListColumn.REFERENCE: spoken_reference,
        ListColumn.ORIGIN: said(wording),
        ListColumn.STATUS: said(staff_wording),
        ListColumn.OUTCOME: said(wording),
        ListColumn.ARRIVED: said(_clock),
        ListColumn.CHILDREN: int,
        ListColumn.TIME: said(_clock),
        ListColumn.EMAIL: _or_nothing,
        ListColumn.PHONE: _or_nothing,
        ListColumn.TO_DO: "; ".join,
    }


def _begins(session: ListSession) -> str:
    return f"{short_date(session.starts_at)}, {clock_time(session.starts_at)}"


def _clock(moment: datetime | None) -> str:
    return clock_time(moment) if moment else ""


def _or_nothing(text: str | None) -> str:
    return text or ""
