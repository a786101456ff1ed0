"""Find a booking from what a family says on the telephone: its reference, its number or its e-mail."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.queries.said_on_the_phone import booking_said
from booking.rules.permissions import Action
from booking.web.shared.access import may_now
from booking.web.staff.blueprint import staff

LONGEST = 254


@staff.post("/find-booking")
def find_booking() -> ResponseReturnValue:
    """Go to the family on its session's page. What was typed stands in no address and in no log."""
    found = booking_said(request.form.get("said", "")[:LONGEST])
    if found is None or not may_now(Action.SEE_BOOKINGS, found.event_id):
        flash(_("No booking has this reference, phone number or email."))
        return redirect(url_for("staff.home"), 303)
    return redirect(url_for("staff.session", event_id=found.event_id, _anchor=f"booking-{found.reference}"), 303)
