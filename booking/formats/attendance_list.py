"""An attendance list in words: its headings, each person's row, and for whom it was made. In English, for staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache

from booking.formats.spreadsheets import Value
from booking.formats.words_for import clock_time, short_date, spoken_reference, staff_wording, wording
from booking.rules.attendance_lists import ListColumn
from booking.rules.attendance_row import ListRow
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
    say = [_say(full_names)[column] for column in columns]
    if not mark:
        return ([each(row) for each in say] for row in rows)
    return ([*[each(row) for each in say], mark] for row in rows)


def _say(full_names: bool) -> dict[ListColumn, Callable[[ListRow], Value]]:
    """Return how each column is said. What is the same in many rows is put into words once."""
    who, origin, outcome, status = cache(wording), cache(wording), cache(wording), cache(staff_wording)
    at, begins = cache(clock_time), cache(_begins)
    return {
        ListColumn.SESSION: lambda row: row.session,
        ListColumn.BEGINS: lambda row: begins(row.starts_at),
        ListColumn.VENUE: lambda row: row.venue or "",
        ListColumn.NAME: (lambda row: row.name or "") if full_names else (lambda row: short_name(row.name)),
        ListColumn.WHO: lambda row: who(row.kind),
        ListColumn.REFERENCE: lambda row: spoken_reference(row.reference),
        ListColumn.ORIGIN: lambda row: origin(row.origin),
        ListColumn.STATUS: lambda row: status(row.status),
        ListColumn.OUTCOME: lambda row: outcome(row.outcome),
        ListColumn.ARRIVED: lambda row: clock_time(row.arrived_at) if row.arrived_at else "",
        ListColumn.CHILDREN: lambda row: row.children,
        ListColumn.TIME: lambda row: at(row.slot_at) if row.slot_at else "",
        ListColumn.EMAIL: lambda row: row.email or "",
        ListColumn.PHONE: lambda row: row.phone or "",
        ListColumn.TO_DO: lambda row: "; ".join(row.to_do),
    }


def _begins(moment: datetime) -> str:
    return f"{short_date(moment)}, {clock_time(moment)}"
