"""Phones at a door, for staff: give a link, see what each has sent, shut one out, decide what waits for a person."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from booking.errors import Conflict
from booking.extensions import transaction
from booking.formats.qr import qr_source
from booking.queries.attendance import get_event
from booking.queries.phones import held_taps, phones_of
from booking.rules.permissions import Action
from booking.services.answer_held_tap import answer_held_tap, can_count
from booking.services.enrol_phone import make_phone_link, shut_out_phone
from booking.services.record_audit import record_view
from booking.web.door.blueprint import door
from booking.web.door.opening import why_shut
from booking.web.shared.access import may_now
from booking.web.shared.settings import settings


@door.get("/<int:event_id>/phones")
def phones(event_id: int) -> ResponseReturnValue:
    """List the phones of a session, and what they recorded that waits for a person."""
    return _show(event_id)


@door.post("/<int:event_id>/phones")
def new_phone(event_id: int) -> ResponseReturnValue:
    """Make a link and show it, once, as a code to scan and as an address."""
    leads = "leads" in request.form and may_now(Action.EDIT_SESSIONS, event_id)
    with transaction():
        device, token = make_phone_link(event_id, by=current_user.id, leads=leads)
        number = device.number
    # What follows the # stays in the browser: it reaches no server and no log.
    address = f"{settings().public_url}{url_for('phone.page')}#{token}"
    return render_template(
        "door/phone_link.html", event=get_event(event_id), number=number, address=address, picture=qr_source(address)
    )


@door.post("/<int:event_id>/phones/<int:device_id>/shut-out")
def shut_out(event_id: int, device_id: int) -> ResponseReturnValue:
    """Shut a phone out."""
    with transaction():
        device = shut_out_phone(device_id, event_id=event_id)
        number = device.number
    flash(_("Phone %(number)s is shut out. It wipes the list when it next has a signal.", number=number))
    return redirect(url_for("door.phones", event_id=event_id), 303)


@door.post("/<int:event_id>/phones/held/<int:row_id>")
def answer_held(event_id: int, row_id: int) -> ResponseReturnValue:
    """Count what a phone recorded, or leave it out."""
    counts = request.form.get("answer") == "count"
    try:
        with transaction():
            answer_held_tap(row_id, event_id=event_id, counts=counts, by=current_user.id)
    except Conflict as conflict:
        return _show(event_id, problem=conflict.sentence)
    flash(_("It counts now.") if counts else _("It is left out."))
    return redirect(url_for("door.phones", event_id=event_id), 303)


def _show(event_id: int, *, problem: str = "") -> ResponseReturnValue:
    with transaction():
        event = get_event(event_id)
        if not may_now(Action.SEE_BOOKINGS, event_id) and (shut := why_shut(event)):
            raise Conflict(shut)
        record_view(screen="door.phones", subject_type="event", subject_id=event_id)
    page = render_template(
        "door/phones.html",
        event=get_event(event_id),
        rows=phones_of(event_id),
        held=held_taps(event_id),
        can_count=can_count,
        may_lead=may_now(Action.EDIT_SESSIONS, event_id),
        problem=problem,
        has_errors=bool(problem),
    )
    return page, 409 if problem else 200
