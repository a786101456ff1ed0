"""The outbox: what was sent, what waits, what went wrong. Never what a message says."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking.extensions import transaction
from booking.queries.staff_messages import count_by_status, list_messages
from booking.rules.permissions import Action
from booking.rules.words import MessageStatus
from booking.services.record_audit import record_view
from booking.web.shared.access import sessions_within
from booking.web.staff.blueprint import staff


@staff.get("/messages")
def messages() -> ResponseReturnValue:
    """List the latest messages, of one status if asked."""
    wanted = request.args.get("status", "")
    status = MessageStatus(wanted) if wanted in set(MessageStatus) else None
    mine = sessions_within(Action.SEE_MESSAGES)
    shown = [row.booking_id for row in list_messages(status=status, among=mine)]
    with transaction():
        record_view(screen="staff.messages", subject_type="message", shown=shown)
    rows, counts = list_messages(status=status, among=mine), count_by_status(among=mine)
    return render_template("staff/messages.html", rows=rows, counts=counts, status=status)
