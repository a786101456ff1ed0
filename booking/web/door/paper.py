"""Type in what was ticked and written on paper: one page, in the order of the sheet."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from booking.cipher import random_token
from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.rules.permissions import Action
from booking.rules.row_codes import row_code
from booking.services.add_walk_in import FireLimit
from booking.services.require_why import AsksWhy
from booking.services.type_in_paper import TypedIn, type_in_paper
from booking.web.door.blueprint import door
from booking.web.door.opening import refuse_override, require_open, why_shut
from booking.web.door.paper_forms import LINES, MOST_LINES, PaperForm, lines_wanted, paper_form
from booking.web.door.register import look
from booking.web.door.why import ask_why, why_given
from booking.web.shared.access import may_now


@door.route("/<int:event_id>/paper", methods=["GET", "POST"])
def paper(event_id: int) -> ResponseReturnValue:
    """Show the rows of the paper register with a box each; record them all at once."""
    register = look(event_id, screen="door.paper")
    lines = lines_wanted(request.form.get("lines", ""))
    wants_more = "more" in request.form
    form = paper_form(register, min(lines + LINES, MOST_LINES) if wants_more else lines, tap=random_token()[:20])
    is_full = False
    if form.is_submitted() and not wants_more and form.validate():
        try:
            typed = _record(form)
        except FireLimit as full:
            is_full = True
            form.refuse("override" if may_now(Action.EDIT_SESSIONS, event_id) else None, full.sentence)
        except NotFound:
            raise
        except AsksWhy as closed:
            return ask_why(event_id, closed)
        except Refusal as refusal:
            form.refuse(None, refusal.sentence)
        else:
            flash(_said(typed))
            return redirect(url_for("door.register", event_id=event_id), 303)
    status = 422 if form.errors else 200
    page = render_template(
        "door/paper.html",
        register=register,
        form=form,
        code_of=row_code,
        shut=why_shut(register.event),
        may_have_more=len(form.lines) < MOST_LINES,
        asks_override=is_full and may_now(Action.EDIT_SESSIONS, event_id),
        has_errors=status == 422,
    )
    return page, status


def _record(form: PaperForm) -> TypedIn:
    event_id = form.register.event.id
    refuse_override(event_id, form.override.data or "")
    with transaction():
        require_open(event_id)
        return type_in_paper(form.sheet(), by=current_user.id, why=why_given())


def _said(typed: TypedIn) -> str:
    return _(
        "Typed in. Came: %(came)d. Did not come: %(gone)d. Without a booking: %(more)d.",
        came=typed.came,
        gone=typed.did_not_come,
        more=typed.walked_in,
    )
