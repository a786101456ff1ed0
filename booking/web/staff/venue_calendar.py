"""A venue's own calendar."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking.queries.venue_calendar import calendar_of
from booking.queries.venues import get_venue
from booking.web.staff.blueprint import staff


@staff.get("/venues/<int:venue_id>/calendar")
def venue_calendar(venue_id: int) -> ResponseReturnValue:
    """Show what takes place at a venue, by day, and what is in each other's way."""
    venue, past = get_venue(venue_id), request.args.get("when") == "past"
    return render_template("staff/venue_calendar.html", venue=venue, past=past, days=calendar_of(venue_id, past=past))
