"""A session's attendance list as a file: names are in it, so it is written down who took it."""

from __future__ import annotations

from flask import Response

from booking.clock import in_london
from booking.extensions import transaction
from booking.queries.attendance import get_event
from booking.services.export_attendance import RUN_THE_SESSION, list_header, list_rows, note_export
from booking.web.door.blueprint import door
from booking.web.shared.downloads import send_csv, send_xlsx

TITLE = "Attendance"


@door.get("/<int:event_id>/attendance.csv")
def attendance_csv(event_id: int) -> Response:
    """Send the attendance list as CSV."""
    return send_csv(_noted_name(event_id), list_header(), list_rows(event_id))


@door.get("/<int:event_id>/attendance.xlsx")
def attendance_xlsx(event_id: int) -> Response:
    """Send the attendance list as XLSX."""
    return send_xlsx(_noted_name(event_id), TITLE, list_header(), list_rows(event_id))


def _noted_name(event_id: int) -> str:
    """Write the export down and return the file's name: the session and its day, nobody's name."""
    with transaction():
        event = get_event(event_id)
        name = f"attendance-{event.slug}-{in_london(event.starts_at):%Y-%m-%d}"
        note_export(screen="door.attendance", reason=RUN_THE_SESSION, event_id=event.id)
    return name
