"""What people wrote to us, with a button for "seen"."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.extensions import transaction
from booking.queries.staff_inbox import list_inbox
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.services.see_inbound import see_inbound
from booking.web.shared.access import sessions_within
from booking.web.staff.blueprint import staff


@staff.get("/inbox")
def inbox() -> ResponseReturnValue:
    """List what nobody has seen yet, or what somebody has."""
    is_seen = request.args.get("seen") == "yes"
    mine = sessions_within(Action.SEE_BOOKINGS)
    shown = [mail.booking_id for mail in list_inbox(is_seen=is_seen, among=mine)]
    with transaction():
        record_view(screen="staff.inbox", subject_type="inbound", shown=shown)
    return render_template("staff/inbox.html", rows=list_inbox(is_seen=is_seen, among=mine), is_seen=is_seen)


@staff.post("/inbox/<int:inbound_id>/seen")
def seen(inbound_id: int) -> ResponseReturnValue:
    """Put a mail among those that are seen."""
    try:
        with transaction():
            see_inbound(inbound_id)
    except NotFound:
        abort(404)
    flash(_("It is among the mails that are seen."))
    return redirect(url_for("staff.inbox"), 303)
