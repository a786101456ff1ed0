"""Bring back what a member of staff had typed when their sign-in ended: into its form, and never carried out by itself.

A form that comes too late is kept. Its page, opened with `?typed=`, is the page as it was with the fields filled in;
a page that shows no such form leads to one that asks whether to send it now.
"""

from __future__ import annotations

from flask import Response, g, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict

from booking.extensions import transaction
from booking.queries.held_forms import find_held_form
from booking.services.hold_form import hold_form

TYPED = "typed"
NEVER_KEPT = ("csrf_token", "password", "new_password")


def hold_what_was_typed() -> str | None:
    """Keep the form of this request for whoever was signed in here; return its token, or None."""
    mark = session.get("_user_id")
    fields = {name: values for name, values in request.form.lists() if name not in NEVER_KEPT}
    if not mark:
        return None
    with transaction():
        return hold_form(str(mark), path=request.full_path.rstrip("?"), fields=fields)


def take_what_was_typed(staff_id: int) -> None:
    """Lay the kept fields out for the forms of this page, if its address asks for them."""
    token = request.args.get(TYPED, "")
    if request.method != "GET" or not token:
        return
    held = find_held_form(token, staff_id=staff_id)
    if held is not None and held.path.partition("?")[0] == request.path:
        g.typed = MultiDict((name, value) for name, values in held.fields.items() for value in values)


def typed_now() -> MultiDict[str, str] | None:
    """Return the kept fields for a form of this page, and note that it has them."""
    fields: MultiDict[str, str] | None = g.get("typed")
    g.typed_is_shown = fields is not None
    return fields


def is_brought_back() -> bool:
    """Return whether a form of this page holds what was typed before."""
    return bool(g.get("typed_is_shown"))


def after_this_page(response: Response) -> Response:
    """Lead to the question whether to send it now, where the page itself has no form for what was typed."""
    if g.get("typed") is not None and not g.get("typed_is_shown"):
        there = url_for("staff.typed", token=request.args[TYPED], here="y")
        return redirect(there, 303)  # type: ignore[return-value]
    return response
