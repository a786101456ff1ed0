"""People who came without booking: one tap for somebody without a name, a short form for the rest.

Where times are booked, a second page asks whom they want to see: at a free time, or in the queue of a desk.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from booking import clock
from booking.extensions import transaction
from booking.queries.attendance import get_event
from booking.queries.running_board import get_board, seats
from booking.rules.permissions import Action
from booking.rules.words import BookingMode
from booking.services.add_walk_in import FireLimit, WalkIn, add_walk_in, remove_walk_in
from booking.services.require_why import AsksWhy
from booking.services.seat_walk_in import TimeGone
from booking.web.door.blueprint import door
from booking.web.door.opening import refuse_override, require_open
from booking.web.door.whereabouts import lives_in
from booking.web.door.why import ask_why, why_given
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
    try:
        with transaction():
            require_open(event_id)
            remove_walk_in(booking_id, event_id=event_id, by=current_user.id, why=why_given())
    except AsksWhy as closed:
        return ask_why(event_id, closed)
    return redirect(url_for("door.register", event_id=event_id, _anchor="walk-ins"), 303)


def _let_in(asked: WalkIn) -> ResponseReturnValue:
    may_override = may_now(Action.EDIT_SESSIONS, asked.event_id)
    refuse_override(asked.event_id, asked.override)
    seat = _text("seat")
    if not seat and asked.is_good and _has_times(asked.event_id):
        return _ask_for_seat(asked)
    try:
        with transaction():
            require_open(asked.event_id)
            booking = add_walk_in(_seated(asked, seat), by=current_user.id, why=why_given())
            anchor = f"booking-{booking.id}"
    except FireLimit as full:
        page = render_template(
            "door/full.html",
            asked=asked,
            seat=seat,
            sentence=full.sentence,
            may_override=may_override,
            back=request.path,
            why=why_given(),
        )
        return page, full.status
    except TimeGone as gone:
        return _ask_for_seat(asked, problem=gone.sentence), gone.status
    except AsksWhy as closed:
        return ask_why(asked.event_id, closed)
    return redirect(url_for("door.register", event_id=asked.event_id, _anchor=anchor), 303)


def _has_times(event_id: int) -> bool:
    event = get_event(event_id)
    return event.booking_mode == BookingMode.SLOTS and bool(event.slots)


def _ask_for_seat(asked: WalkIn, *, problem: str = "") -> str:
    """Ask whom they want to see; nothing is recorded yet, and what was said of them is carried on."""
    require_open(asked.event_id)
    now = clock.now()
    return render_template(
        "door/seat.html",
        asked=asked,
        seats=seats(get_board(asked.event_id, now=now), now=now),
        problem=problem,
        has_errors=bool(problem),
        back=request.path,
    )


def _seated(asked: WalkIn, seat: str) -> WalkIn:
    """Read what was chosen: a time, the queue of a desk, or neither."""
    kind, _colon, what = seat.partition(":")
    if kind == "time":
        return replace(asked, slot_id=int(what) if what.isascii() and what.isdigit() and len(what) < 10 else -1)
    return replace(asked, desk=what) if kind == "desk" else asked


def _asked(event_id: int) -> WalkIn:
    names = tuple(name for name in (_text(f"name_{n}") for n in range(1, 7)) if name)
    outcode, district = lives_in(_text("where"), get_event(event_id))
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
