"""Where a session's attendance list was until it had a page of its own: kept addresses lead there."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from booking.web.door.blueprint import door


@door.get("/<int:event_id>/attendance.csv")
def attendance_csv(event_id: int) -> ResponseReturnValue:
    """Lead to the list as CSV."""
    return redirect(url_for("staff.attendance_list_csv", event_id=event_id), 301)


@door.get("/<int:event_id>/attendance.xlsx")
def attendance_xlsx(event_id: int) -> ResponseReturnValue:
    """Lead to the list as XLSX."""
    return redirect(url_for("staff.attendance_list_xlsx", event_id=event_id), 301)
