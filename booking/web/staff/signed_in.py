"""Whether a browser is still signed in: its sign-in has not been ended, and it was not left alone for too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, after_this_request, flash, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import current_user, password_changed, tf_disabled, tf_profile_changed, user_authenticated

from booking import clock
from booking.extensions import security
from booking.models import Staff
from booking.queries.sign_ins import find_sign_in
from booking.rules.browsers import browser_in_words
from booking.rules.staff_time import IDLE, is_idle
from booking.services.record_audit import record_audit
from booking.services.sign_ins import begin_sign_in, end_sign_in

SECRET = "sign_in"  # noqa: S105 (the name of the place, not what stands there)
SEEN = "seen"
NOTED_EVERY = 60
"""Seconds: the cookie is written anew no oftener."""
OF_STAFF = ("staff.", "door.", "security.")
LEFT_ON = frozenset({"door.waiting_room"})
"""A screen that nobody touches for hours and that shows nobody: it stays, and keeps no other page open."""


def init_app(app: Flask) -> None:
    """Ask at each request of a signed-in browser; call it when Flask-Security has its loader in place."""
    load = app.login_manager._user_callback  # type: ignore[attr-defined]

    def load_signed_in(mark: str) -> Staff | None:
        member: Staff | None = load(mark)
        return member if member is not None and _stands(member) else None

    app.login_manager.user_loader(load_signed_in)  # type: ignore[attr-defined]
    app.before_request(_note_that_it_is_used)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    app.before_request(note_recovery_codes)
    for signal, note in NOTED:
        signal.connect(note, app)


def this_secret() -> str:
    """Return what this browser's sign-in is known by."""
    return str(session.get(SECRET, ""))


def _stands(member: Staff) -> bool:
    if request.endpoint not in LEFT_ON and is_idle(float(session.get(SEEN, 0)), now=clock.now().timestamp()):
        g.was_idle = True
        return False
    return find_sign_in(this_secret(), staff_id=member.id) is not None


def _note_that_it_is_used() -> None:
    if request.endpoint in LEFT_ON:
        return
    if not (request.endpoint or "").startswith(OF_STAFF) or not current_user.is_authenticated:
        if g.get("was_idle") and request.endpoint == "security.login" and request.method == "GET":
            minutes = int(IDLE.total_seconds() // 60)
            flash(f"You were away for more than {minutes} minutes. Sign in, and go on where you were.")
        return
    now = clock.now().timestamp()
    if now - float(session.get(SEEN, 0)) > NOTED_EVERY:
        session[SEEN] = int(now)


def _begin(_app: Flask, *, user: Staff, **_more: Any) -> None:
    """Flask-Security's view commits it."""
    if SECRET in session:
        end_sign_in(this_secret())
    session[SECRET] = begin_sign_in(user.id, browser=browser_in_words(request.user_agent.string))
    session[SEEN] = int(clock.now().timestamp())
    record_audit("signed in", screen="security.login", subject_type="staff", subject_id=user.id)


def _note(action: str) -> Callable[..., None]:
    """Return what writes down a change of one's own sign-in; Flask-Security's view commits it."""

    def note(_app: Flask, *, user: Staff, **_more: Any) -> None:
        record_audit(action, screen=request.endpoint or "", subject_type="staff", subject_id=user.id)

    return note


NOTED = (
    (password_changed, _note("password changed")),
    (tf_profile_changed, _note("code app set up")),
    (tf_disabled, _note("code app turned off")),
)


def note_recovery_codes() -> None:
    """Write down that somebody makes recovery codes: Flask-Security has no signal for it."""
    if request.endpoint == "security.mf_recovery_codes" and request.method == "POST" and current_user.is_authenticated:
        record_audit("recovery codes made", screen=request.endpoint, subject_type="staff", subject_id=current_user.id)


def _end(_app: Flask, **_more: Any) -> None:
    if secret := session.pop(SECRET, None):
        end_sign_in(str(secret))
        after_this_request(_commit)


def _commit(response: ResponseReturnValue) -> ResponseReturnValue:
    security.datastore.commit()  # type: ignore[no-untyped-call]
    return response
