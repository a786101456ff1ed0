"""The day sheet of a session, for paper."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.extensions import transaction
from booking.queries.day_sheet import day_sheet as lines_of
from booking.queries.staff_sessions import get_session
from booking.services.record_audit import record_view
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff


@staff.get("/sessions/<int:event_id>/day-sheet")
def day_sheet(event_id: int) -> ResponseReturnValue:
    """Show what to do for whom, by initials alone."""
    get_session(event_id)
    with transaction():
        record_view(screen="staff.day_sheet", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    return render_template("staff/day_sheet.html", event=event, people=lines_of(event_id, locality=locality()))
