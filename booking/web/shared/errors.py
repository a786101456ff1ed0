"""Calm pages for everything that goes wrong."""

from __future__ import annotations

import logging
import sqlite3

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from booking.errors import Refusal
from booking.extensions import db

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Give every error a page with one heading and a way on."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _writer_is_busy)
    app.register_error_handler(500, _our_fault)


def _refused(refusal: Refusal) -> tuple[str, int]:
    return _page(_("That did not work"), refusal.sentence), refusal.status


def _form_too_old(_error: CSRFError) -> tuple[str, int]:
    sentence = _("Your browser did not send what keeps this form safe. Go back, reload the page and try again.")
    return _page(_("Please try that again"), sentence), 400


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400 or error.response is not None:  # a limit on a view may bring a page of its own
        return error
    title, sentence = _words(code)
    return _page(title, sentence), code


def _writer_is_busy(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    """Give back what was typed, to be sent again: somebody else has written for longer than SQLite lets one wait.

    Nothing was done, for a deed begins with the writer's lock. Files and passwords are not given back.
    """
    busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    if not busy or request.is_json or request.files or any("password" in name for name in request.form):
        raise error
    db.session.rollback()
    log.warning("a page waited in vain for the database's one writer: %s", request.endpoint)
    g.is_error = g.is_personal = True
    page = render_template(
        "public/later.html",
        frame="staff/base.html" if _is_read_by_staff() else "base.html",
        again=request.script_root + request.full_path.rstrip("?"),
        typed=list(request.form.items(multi=True)) if request.method == "POST" else None,
    )
    return page, 503, {"Retry-After": "60", "Cache-Control": "no-store"}


def _our_fault(_error: Exception) -> tuple[str, int]:
    db.session.rollback()
    title, sentence = _words(500)
    return _page(title, sentence, is_ours=True), 500


def _words(code: int) -> tuple[str, str]:
    words = {
        401: (_("Please sign in"), _("This page is for PACT staff. Sign in and try again.")),
        403: (_("You cannot see this page"), _("Your account does not have this right. Ask an admin of your group.")),
        404: (_("We cannot find that page"), _("The link may be old or cut short. You can look for a session below.")),
        405: (_("That did not work"), _("This address cannot be used in that way.")),
        409: (_("Something changed"), _("Someone else changed this at the same time. Go back and look again.")),
        413: (_("That was too much to send"), _("Please send less text, or a smaller file.")),
        429: (
            _("Please wait a moment"),
            _("There were many tries in a short time. Please try again in a few minutes."),
        ),
    }
    ours = (_("Sorry, something went wrong"), _("It is our fault, not yours. Please try again, or ring us."))
    return words.get(code, ours if code >= 500 else (_("That did not work"), _("Please go back and try again.")))


def _page(title: str, sentence: str, *, is_ours: bool = False) -> str:
    g.is_error = True  # its address is not one to open in another language, and may hold a secret
    template = "staff/error.html" if not is_ours and _is_read_by_staff() else "public/error.html"
    return render_template(template, title=title, sentence=sentence)


def _is_read_by_staff() -> bool:
    """Return whether staff's own menu leads on from here; after a fault of ours it may not even be known."""
    return request.path.startswith(("/staff/", "/door/")) and bool(current_user.is_authenticated)
