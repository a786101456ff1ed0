"""The register: who is expected, who is here, and closing it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import BadRequest

from booking import clock
from booking.cipher import random_token
from booking.errors import Conflict, Refusal
from booking.extensions import transaction
from booking.models import Event
from booking.queries.attendance import get_event
from booking.queries.corrections import corrections_of
from booking.queries.head_counts import heads_of
from booking.queries.phones import held_taps, phones_out
from booking.queries.register import Register, get_register, open_registers, sessions_on
from booking.rules.permissions import Action
from booking.rules.taps import MOST_ADULTS, MOST_CHILDREN
from booking.rules.words import Outcome
from booking.services.close_register import close_register
from booking.services.record_attendance import record_children, record_outcome
from booking.services.record_audit import record_view
from booking.services.require_why import AsksWhy
from booking.web.door.blueprint import door
from booking.web.door.counts import CountsForm
from booking.web.door.opening import require_open, why_shut
from booking.web.door.whereabouts import area_of, outcodes_near
from booking.web.door.why import ask_why, why_given
from booking.web.shared.access import is_among, may_now, sessions_within
from booking.web.shared.settings import locality


@door.get("/")
def index() -> ResponseReturnValue:
    """List today's sessions, and registers that wait to be closed."""
    mine = sessions_within(Action.RECORD_ATTENDANCE)
    today = [event for event in sessions_on(clock.today()) if is_among(event.id, mine)]
    waiting = [event for event in open_registers(clock.now()) if may_now(Action.RECORD_ATTENDANCE, event.id)]
    return render_template("door/index.html", today=today, waiting=waiting)


@door.get("/<int:event_id>")
def register(event_id: int) -> ResponseReturnValue:
    """Show the register; a search keeps the rows that match a name or a reference."""
    shown = look(event_id, screen="door.register")
    search = request.args.get("q", "").strip()[:80]
    return render_template(
        "door/register.html",
        register=shown,
        booked=[entry for entry in shown.booked if entry.matches(search)] if search else shown.booked,
        q=search,
        shut=why_shut(shown.event),
        tap=random_token(),
        near=outcodes_near(shown.event.venue),
        heads=heads_of(shown),
        corrections=corrections_of(shown.event),
        **_words(shown.event),
    )


@door.post("/<int:event_id>/places/<int:place_id>")
def record(event_id: int, place_id: int) -> ResponseReturnValue:
    """Record one person's outcome and go back to their row."""
    outcome = _outcome(request.form.get("outcome"))
    if outcome is None:
        raise BadRequest
    try:
        with transaction():
            require_open(event_id)
            record_outcome(place_id, outcome, by=current_user.id, event_id=event_id, why=why_given())
    except AsksWhy as closed:
        return ask_why(event_id, closed)
    return _back(event_id, f"place-{place_id}")


@door.post("/<int:event_id>/bookings/<int:booking_id>/children")
def children(event_id: int, booking_id: int) -> ResponseReturnValue:
    """Record how many children a family brought."""
    text = request.form.get("children", "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
    try:
        with transaction():
            require_open(event_id)
            record_children(booking_id, number, by=current_user.id, event_id=event_id, why=why_given())
    except AsksWhy as closed:
        return ask_why(event_id, closed)
    return _back(event_id, f"booking-{booking_id}")


@door.route("/<int:event_id>/close", methods=["GET", "POST"])
def close(event_id: int) -> ResponseReturnValue:
    """Ask about everybody who is unknown, then close the register."""
    form = CountsForm()
    if request.method == "GET":
        return _ask(event_id, form, answers={}, problem="")
    answers = _answers()
    if not form.validate():
        return _ask(event_id, form, answers=answers, problem=""), 422
    try:
        with transaction():
            require_open(event_id)
            close_register(event_id, answers, by=current_user.id, counts=form.counts())
    except Refusal as refusal:
        return _ask(event_id, form, answers=answers, problem=refusal.sentence), refusal.status
    return redirect(url_for("door.register", event_id=event_id, _anchor="register-closed"), 303)


def look(event_id: int, *, screen: str) -> Register:
    """Read the register and note the look."""
    note_look(event_id, screen=screen)
    return get_register(event_id, deeds=locality().deeds_at_door)


def note_look(event_id: int, *, screen: str) -> None:
    """Note a look at a session's families. Who only helps at the door sees names while they are needed there."""
    with transaction():
        event = get_event(event_id)
        if not may_now(Action.SEE_BOOKINGS, event_id) and (shut := why_shut(event)):
            raise Conflict(shut)
        record_view(screen=screen, subject_type="event", subject_id=event_id)


def _ask(event_id: int, form: CountsForm, *, answers: dict[int, Outcome], problem: str) -> str:
    shown = look(event_id, screen="door.close")
    missing = [person.place_id for _entry, person in shown.unknown if person.place_id not in answers]
    return render_template(
        "door/close.html",
        register=shown,
        form=form,
        heads=heads_of(shown),
        has_errors=bool(problem or form.errors),
        answers=answers,
        problem=problem,
        missing=missing if problem else [],
        shut=why_shut(shown.event),
        phones=phones_out(event_id),
        held=held_taps(event_id),
        choices=(
            (Outcome.ATTENDED, _("Came")),
            (Outcome.DID_NOT_COME, _("Did not come")),
            (Outcome.NOT_RECORDED, _("I do not know")),
        ),
    )


def _answers() -> dict[int, Outcome]:
    answers = {}
    for name, value in request.form.items():
        prefix, _dash, number = name.partition("-")
        outcome = _outcome(value)
        if prefix == "place" and number.isascii() and number.isdigit() and len(number) < 12 and outcome is not None:
            answers[int(number)] = outcome
    return answers


def _outcome(value: str | None) -> Outcome | None:
    return Outcome(value) if value in set(Outcome) else None


def _back(event_id: int, anchor: str) -> ResponseReturnValue:
    search = request.form.get("q", "").strip()[:80]
    return redirect(url_for("door.register", event_id=event_id, q=search or None, _anchor=anchor), 303)


def _words(event: Event) -> dict[str, object]:
    """Return what the page needs to say districts in words."""
    area = area_of(event)
    return {
        "districts": [(district.code, district.name) for district in area.districts],
        "most_adults": MOST_ADULTS,
        "most_children": MOST_CHILDREN,
    }
