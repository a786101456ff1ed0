"""Find a family from what it says on the telephone: a name, its reference, its number or its e-mail."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.extensions import transaction
from booking.queries.find_families import Found, find_families
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.web.shared.access import sessions_within
from booking.web.staff.blueprint import staff

LONGEST = 254


@staff.route("/find-booking", methods=["GET", "POST"])
def find_booking() -> ResponseReturnValue:
    """List the families it may be; one alone is opened at once. What was typed stands in no address and no log.

    While somebody types, the list follows (`static/js/find.js`) and nothing is opened.
    """
    said = request.form.get("said", "")[:LONGEST].strip()
    found = find_families(said, among=sessions_within(Action.SEE_BOOKINGS)) if said else None
    if found and len(found.families) == 1 and request.form.get("typing") != "yes":
        return redirect(url_for("staff.booking", booking_id=found.families[0].bookings[0].id), 303)
    _record(found)
    return render_template("staff/find_booking.html", said=said, found=found)


def _record(found: Found | None) -> None:
    shown = [booking.id for family in found.families for booking in family.bookings] if found else []
    if shown:
        with transaction():
            record_view(screen="staff.find_booking", subject_type="booking", shown=shown)
