"""How far requests have got."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.rules.words import NeedState
from booking.services.change_need_state import change_need_state
from booking.web.staff.blueprint import staff


@staff.post("/needs/<int:need_id>")
def change_need(need_id: int) -> ResponseReturnValue:
    """Say how far a request has got."""
    state = request.form.get("state", "")
    if state not in set(NeedState):
        abort(422)
    with transaction():
        event_id = change_need_state(need_id, NeedState(state)).booking.event_id
    flash(_("Saved."))
    return redirect(url_for("staff.session", event_id=event_id, _anchor="needs"), 303)
