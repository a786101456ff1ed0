"""Hand attendance out: a list with names, or the file of all places; each time it is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from booking.formats.attendance_file import to_values
from booking.locality.kinds import Locality
from booking.queries.attendance import attendance_places
from booking.queries.who_looked import SESSIONS_SHOWN
from booking.services.record_audit import record_audit


def note_export(
    *,
    screen: str,
    reason: str,
    event_id: int | None = None,
    period: str = "",
    sessions: Sequence[int] = (),
    facts: dict[str, Any] | None = None,
) -> None:
    """Write down, before anything is sent, that attendance leaves the house and why.

    A list of many sessions names these, not everybody on it: a family is told of it by what it booked there.
    """
    about = "event" if event_id else "attendance_list" if facts and "list" in facts else "period"
    about_period = {"period": period} if period else {}
    shown = {SESSIONS_SHOWN: list(sessions)} if sessions else {}
    record_audit(
        "export_attendance",
        screen=screen,
        subject_type=about,
        subject_id=event_id,
        reason=reason,
        facts=about_period | (facts or {}) | shown,
    )


def file_rows(
    locality: Locality, *, start: datetime | None = None, end: datetime | None = None
) -> Iterator[list[str | int | None]]:
    """Say every place in the words of the attendance file; nothing in it is personal."""
    return to_values(attendance_places(start, end), locality)
