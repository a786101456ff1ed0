"""Back after sign-in to what was typed: into its own form, or to the question whether to send it now."""

from __future__ import annotations

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import HTTPException

from booking.extensions import transaction
from booking.queries.held_forms import find_held_form
from booking.services.record_audit import record_view
from booking.web.shared.held_forms import TYPED
from booking.web.staff.blueprint import staff


@staff.get("/typed/<token>")
def typed(token: str) -> ResponseReturnValue:
    """Go to the form's own page, or, where that shows no such form, ask here. Nothing is carried out by looking."""
    held = find_held_form(token, staff_id=current_user.id)
    if held is None:
        abort(404)
    path, fields = held.path, held.fields
    if request.args.get("here") != "y" and _is_a_page(path):
        return redirect(f"{path}{'&' if '?' in path else '?'}{TYPED}={token}", 303)
    with transaction():
        record_view(screen="staff.typed", subject_type="staff", subject_id=current_user.id)
    return render_template("staff/typed.html", path=path, fields=fields)


def _is_a_page(path: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        adapter.match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return True
