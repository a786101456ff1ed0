"""Ask why, once a register is closed, and carry on with what was sent: nothing is typed twice."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking.queries.attendance import get_event
from booking.rules.words import REASONS_TO_CORRECT, CorrectionReason
from booking.services.require_why import AsksWhy

_OURS = {"csrf_token", "why", "asks_why"}


def why_given() -> CorrectionReason | None:
    """Return the reason that was sent, if one was."""
    said = request.form.get("why", "")
    return CorrectionReason(said) if said in REASONS_TO_CORRECT else None


def ask_why(event_id: int, closed: AsksWhy) -> ResponseReturnValue:
    """Show the reasons, with everything that was sent kept to be sent again."""
    was_asked = "asks_why" in request.form
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    page = render_template(
        "door/why.html",
        event=get_event(event_id),
        sent=sent,
        reasons=REASONS_TO_CORRECT,
        sentence=closed.sentence if was_asked else "",
        has_errors=was_asked,
    )
    return page, 422 if was_asked else 200
