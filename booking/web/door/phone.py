"""What a phone at the door asks for: its page, which works without a signal, and three addresses it talks to.

Nobody is signed in here. A phone shows the secret it got for its link: one with which it can only send, and one, sealed
by its PIN, with which it fetches the list.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException

from booking import clock
from booking.errors import Refusal
from booking.extensions import csrf, db, limiter, transaction
from booking.models import DoorDevice, Event
from booking.queries.phones import phone_that_reads, phone_that_sends
from booking.queries.register import get_register, register_version
from booking.rules.door import SHUTS_AFTER, RegisterState
from booking.rules.engagement.metric import UNKNOWN
from booking.rules.taps import TAP_ID
from booking.services.enrol_phone import PACK_LASTS, door_state, enrol_phone
from booking.services.note_phone import note_wiped
from booking.services.record_audit import record_view
from booking.services.take_taps import SealedTap, take_taps
from booking.web.door.pack import door_pack, milliseconds
from booking.web.door.whereabouts import area_of, lives_in, outcodes_near
from booking.web.shared.settings import locality
from booking.web.shared.templating import asset

phone = Blueprint("phone", __name__, url_prefix="/door/phone")
csrf.exempt(phone)  # no cookie says who asks: a secret in a header does

A_HALL = "3000 per hour"
"""Several phones share the address of a hall; each asks once a minute, after each tap, and six times a minute while
something waits."""
MOST_TAPS = 200
LONGEST_TAP = 4000
LONGEST_BODY = 500_000
"""Bytes: a batch of the longest taps with their ids would be more, and is cut in two by the phone."""


@phone.before_request
def _nothing_is_kept_on_the_way() -> None:
    g.is_personal = request.method == "POST"
    request.max_content_length = LONGEST_BODY


@phone.errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    return jsonify(problem=refusal.sentence), refusal.status


@phone.errorhandler(HTTPException)
def _not_so(error: HTTPException) -> ResponseReturnValue:
    return jsonify(problem=error.name), error.code or 500


@phone.get("")
def page() -> Response:
    """Show the page of the door. It holds nothing of anybody, and the worker keeps it for when there is no signal."""
    response = current_app.make_response(render_template("door/phone.html"))
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{g.csp_nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@phone.get("/worker.js")
def worker() -> Response:
    """Give the script that keeps the page on the phone. It changes whenever one of the kept files does."""
    source = (Path(current_app.static_folder or "") / "door_worker.js").read_text(encoding="utf-8")
    kept = [url_for("phone.page"), asset("door.css"), asset("door.js"), url_for("static", filename="icon.svg")]
    version = hashlib.sha256(render_template("door/phone.html", csp_nonce="").encode()).hexdigest()[:12]
    text = f"const KEPT = {json.dumps(kept)};\nconst VERSION = {json.dumps(version)};\n{source}"
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/door/phone"
    return response


@phone.post("/enrol")
@limiter.limit("60 per hour")
def enrol() -> ResponseReturnValue:
    """Open this phone with a link, once: give it its secrets and the list."""
    token = _text(_told(), "token")
    with transaction():
        enrolled = enrol_phone(token)
        record_view(
            screen="door.phone",
            subject_type="event",
            subject_id=enrolled.device.event_id,
            via=f"phone {enrolled.device.number}",
        )
        device_id = enrolled.device.id
    secrets = {"send": enrolled.send_secret, "read": enrolled.read_secret, "public_key": enrolled.public_key}
    device = _again(device_id)
    version = register_version(device.event_id)
    return jsonify(device=device.id, **secrets, version=version, now=milliseconds(clock.now()), pack=_pack(device))


@phone.post("/taps")
@limiter.limit(A_HALL)
def taps() -> ResponseReturnValue:
    """Take what the phone recorded; tell it what has been kept, the time, and what it should do now."""
    device = _phone(phone_that_sends)
    told = _told()
    batch = told.get("taps")
    if not isinstance(batch, list) or len(batch) > MOST_TAPS:
        abort(400)
    sealed = [_sealed(each) for each in batch]
    sent_at = told.get("clock")
    if not isinstance(sent_at, int) or not 0 < sent_at < 10**14:
        abort(400)
    with transaction():
        sent = datetime.fromtimestamp(sent_at / 1000, UTC)
        event = take_taps(device.id, sealed, phone_clock=sent, lives_in=partial(lives_in, event=device.event))
        state = _state(device, event)
        version = register_version(event.id)
        if told.get("wiped") is True:
            note_wiped(device.id)
    kept = [each.tap for each in sealed]
    return jsonify(kept=kept, state=state, version=version, now=milliseconds(clock.now()))


@phone.post("/pack")
@limiter.limit(A_HALL)
def pack() -> ResponseReturnValue:
    """Give the list as it stands now to a phone whose PIN was right, or say why not."""
    device = _phone(phone_that_reads)
    with transaction():
        state = _state(device, device.event)
        if state == "open":
            via = f"phone {device.number}"
            record_view(screen="door.phone", subject_type="event", subject_id=device.event_id, via=via)
    device = _again(device.id)
    version = register_version(device.event_id)
    shown = _pack(device) if state == "open" else None
    return jsonify(state=state, version=version, now=milliseconds(clock.now()), pack=shown)


def _pack(device: DoorDevice) -> dict[str, Any]:
    register = get_register(device.event_id, deeds=locality().deeds_at_door)
    now = clock.now()
    return door_pack(
        register,
        device,
        near=outcodes_near(register.event.venue),
        districts=[(each.code, str(each.name)) for each in area_of(register.event).districts if each.code != UNKNOWN],
        now=now,
        until=min(now + PACK_LASTS, register.event.ends_at + SHUTS_AFTER),
    )


def _state(device: DoorDevice, event: Event) -> str:
    """Say what the phone should do: go on (`open`), or wipe the list because it was shut out, or it is over."""
    if device.revoked_at is not None:
        return "shut_out"
    state = door_state(event, at=clock.now())
    if state in (RegisterState.OPEN, RegisterState.TOO_EARLY):
        return "closed" if event.register_closed_at is not None else "open"
    return "over" if state == RegisterState.TOO_LATE else "called_off"


def _phone(find: Any) -> DoorDevice:
    """Find who asks by its secret. 401: we know none like it (any more)."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    device: DoorDevice | None = find(secret) if scheme == "Bearer" and secret else None
    if device is None:
        abort(401)
    return device


def _again(device_id: int) -> DoorDevice:
    return db.session.get_one(DoorDevice, device_id)


def _told() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        abort(400)
    return told


def _text(told: dict[str, Any], name: str) -> str:
    text = told.get(name)
    return text[:100] if isinstance(text, str) else ""


def _sealed(each: object) -> SealedTap:
    match each:
        case {"id": str(tap), "sealed": str(sealed)} if TAP_ID.fullmatch(tap) and len(sealed) <= LONGEST_TAP:
            return SealedTap(tap=tap, sealed=sealed)
    raise BadRequest
