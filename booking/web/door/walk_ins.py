"""People who came without booking: one tap for somebody without a name, a short form for the rest."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from booking.extensions import transaction
from booking.rules.permissions import Action
from booking.services.add_walk_in import FireLimit, WalkIn, add_walk_in, remove_walk_in
from booking.web.door.blueprint import door
from booking.web.door.opening import refuse_override, require_open
from booking.web.door.whereabouts import lives_in
from booking.web.shared.access import may_now
from booking.web.shared.forms import clean_text

LONGEST = 120


@door.post("/<int:event_id>/walk-ins")
def walk_in(event_id: int) -> ResponseReturnValue:
    """Let in somebody who did not book."""
    return _let_in(_asked(event_id))


@door.post("/<int:event_id>/bookings/<int:booking_id>/came")
def came_anyway(event_id: int, booking_id: int) -> ResponseReturnValue:
    """Let in a family from the waiting list, or one that had cancelled."""
    override = _text("override")
    tap = _text("tap")[:26]
    return _let_in(WalkIn(event_id=event_id, came_from=booking_id, tap=tap, override=override))


@door.post("/<int:event_id>/walk-ins/<int:booking_id>/remove", endpoint="remove_walk_in")
def remove(event_id: int, booking_id: int) -> ResponseReturnValue:
    """Take back a walk-in added by mistake."""
    with transaction():
        require_open(event_id)
        remove_walk_in(booking_id, event_id=event_id, by=current_user.id)
    return redirect(url_for("door.register", event_id=event_id, _anchor="walk-ins"), 303)


def _let_in(asked: WalkIn) -> ResponseReturnValue:
    may_override = may_now(Action.EDIT_SESSIONS, asked.event_id)
    refuse_override(asked.event_id, asked.override)
    try:
        with transaction():
            require_open(asked.event_id)
            booking = add_walk_in(asked, by=current_user.id)
            anchor = f"booking-{booking.id}"
    except FireLimit as full:
        page = render_template(
            "door/full.html", asked=asked, sentence=full.sentence, may_override=may_override, back=request.path
        )
        return page, full.status
    return redirect(url_for("door.register", event_id=asked.event_id, _anchor=anchor), 303)


def _asked(event_id: int) -> WalkIn:
    names = tuple(name for name in (_text(f"name_{n}") for n in range(1, 7)) if name)
    outcode, district = lives_in(_text("where"))
    return WalkIn(
        event_id=event_id,
        adults=max(_number("adults", 1), len(names)),
        names=names,
        children=_number("children", 0),
        outcode=outcode,
        district=district,
        first_time={"yes": True, "no": False}.get(_text("first_time")),
        tap=_text("tap")[:26],
        override=_text("override"),
    )


def _text(name: str) -> str:
    return str(clean_text(request.form.get(name, "")))[:LONGEST]


def _number(name: str, default: int) -> int:
    """Read a small number; what is none becomes -1, which the service refuses with a sentence."""
    text = request.form.get(name, "").strip()
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
