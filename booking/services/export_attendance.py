"""Hand attendance out: a session's list with names, or the file of all places; each time it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from booking.formats.attendance_file import to_values
from booking.formats.spreadsheets import Value
from booking.formats.words_for import clock_time, spoken_reference, staff_wording, wording
from booking.locality.kinds import Locality
from booking.queries.attendance import attendance_list, attendance_places
from booking.services.record_audit import record_audit

RUN_THE_SESSION = "run the session"


def note_export(*, screen: str, reason: str, event_id: int | None = None, period: str = "") -> None:
    """Write down, before anything is sent, that attendance leaves the house and why."""
    record_audit(
        "export_attendance",
        screen=screen,
        subject_type="event" if event_id else "period",
        subject_id=event_id,
        reason=reason,
        facts={"period": period} if period else {},
    )


def list_header() -> list[str]:
    """Return the headings of a session's attendance list."""
    return [
        _("Name"),
        _("Who"),
        _("Reference"),
        _("How they booked"),
        _("Booking"),
        _("Outcome"),
        _("Arrived"),
        _("Children"),
        _("Time"),
    ]


def list_rows(event_id: int) -> Iterator[list[Value]]:
    """Say a session's attendance list in words, one person a row."""
    for row in attendance_list(event_id):
        yield [
            row.name or "",
            wording(row.kind),
            spoken_reference(row.reference),
            wording(row.origin),
            staff_wording(row.status),
            wording(row.outcome),
            clock_time(row.arrived_at) if row.arrived_at else "",
            row.children,
            clock_time(row.slot_at) if row.slot_at else "",
        ]


def file_rows(
    locality: Locality, *, start: datetime | None = None, end: datetime | None = None
) -> Iterator[list[Value]]:
    """Say every place in the words of the attendance file; nothing in it is personal."""
    for row in attendance_places(start, end):
        yield list(to_values(row, locality))
