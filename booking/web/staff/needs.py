"""How far requests have got, and who was rung."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.queries.staff_bookings import is_booking
from booking.queries.today import RANG
from booking.rules.words import NeedState
from booking.services.change_need_state import change_need_state
from booking.services.record_audit import record_audit
from booking.web.staff.blueprint import staff


@staff.post("/needs/<int:need_id>")
def change_need(need_id: int) -> ResponseReturnValue:
    """Say how far a request has got."""
    state = request.form.get("state", "")
    if state not in set(NeedState):
        abort(422)
    with transaction():
        event_id = change_need_state(need_id, NeedState(state)).booking.event_id
    flash(_("Saved."))
    return redirect(url_for("staff.session", event_id=event_id, _anchor="needs"), 303)


@staff.post("/bookings/<int:booking_id>/rung")
def mark_rung(booking_id: int) -> ResponseReturnValue:
    """Write down that somebody rang this family."""
    if not is_booking(booking_id):
        abort(404)
    with transaction():
        record_audit(RANG, screen="staff.home", subject_type="booking", subject_id=booking_id)
    flash(_("Thank you. They are off the list."))
    return redirect(url_for("staff.home", _anchor="ring"), 303)
