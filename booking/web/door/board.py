"""The running board of a session with times: who is next for which desk; and the waiting room's nameless screen."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import BadRequest

from booking import clock
from booking.extensions import transaction
from booking.formats import board_words
from booking.queries.running_board import get_board, guests
from booking.rules.running_board import step_back
from booking.rules.words import Turn
from booking.services.record_turn import record_turn
from booking.web.door.blueprint import door
from booking.web.door.opening import require_open, why_shut
from booking.web.door.register import note_look

SCREEN = "door.board"
RENEWED_EVERY = 20
"""Seconds: so often the waiting room's screen looks anew, where scripts run."""


@door.get("/<int:event_id>/board")
def board(event_id: int) -> ResponseReturnValue:
    """Show every desk with who is there, who is next and who is missing."""
    note_look(event_id, screen=SCREEN)
    now = clock.now()
    shown = get_board(event_id, now=now)
    return render_template(
        "door/board.html",
        board=shown,
        guests=guests(event_id),
        now=now,
        say=board_words,
        step_back=step_back,
        shut=why_shut(shown.event),
    )


@door.post("/<int:event_id>/bookings/<int:booking_id>/turn")
def turn(event_id: int, booking_id: int) -> ResponseReturnValue:
    """Record how far a family got, or take it back, and go back to where it stands on the board."""
    asked = request.form.get("turn")
    if asked is None or asked not in {"", *Turn}:
        raise BadRequest
    with transaction():
        require_open(event_id)
        record_turn(booking_id, Turn(asked) if asked else None, by=current_user.id, event_id=event_id)
    return redirect(url_for("door.board", event_id=event_id, _anchor=f"visit-{booking_id}"), 303)


@door.get("/<int:event_id>/waiting-room")
def waiting_room(event_id: int) -> ResponseReturnValue:
    """Show the waiting room how each desk stands, by times alone."""
    now = clock.now()
    shown = get_board(event_id, now=now)
    return render_template("door/waiting_room.html", board=shown, now=now, say=board_words, every=RENEWED_EVERY)
