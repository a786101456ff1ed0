"""Erase a family: first what goes and what stays, then one tick and one button."""

from __future__ import annotations

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField

from booking import clock
from booking.extensions import transaction
from booking.queries.all_held import Found, all_held
from booking.queries.forgetting import what_goes
from booking.services.forget_family import Forgotten, forget_address
from booking.services.forget_family import forget_family as forget
from booking.services.list_erasure import write_list
from booking.web.shared.settings import locality, settings
from booking.web.staff.blueprint import staff
from booking.web.staff.family_held import WhichFamilyForm, ask_whose, note_look

SCREEN = "staff.forget_family"
GOES = {
    "names": _l("Names"),
    "contacts": _l("Contacts of bookings"),
    "answers": _l("Answers about the child, and questions"),
    "need_words": _l("Words about what would make it easier to come"),
    "remembered": _l("Things remembered for next time"),
    "addresses": _l("Addresses of messages we sent, and what stood in them"),
    "call_notes": _l("Notes of calls"),
    "feedback": _l("What they wrote about a session"),
    "mails": _l("What they wrote to us by email"),
    "news": _l("News of new sessions they want"),
}

log = logging.getLogger(__name__)


class ForgetForm(WhichFamilyForm):
    """The family, and that it is meant."""

    sure = BooleanField(_l("Yes, erase it. Nobody can bring it back."))


@staff.post("/privacy/family/erase")
def forget_family() -> ResponseReturnValue:
    """Show what goes and what stays; with the tick, erase."""
    form = ForgetForm()
    found = form.found()
    if found is None:
        return ask_whose(form)
    is_last_step = "erase" in request.form
    if is_last_step and not form.sure.data:
        form.refuse("sure", _("Tick the box if it is to be erased."))
    if not is_last_step or form.errors:
        return _preview(form, found)
    with transaction():
        forgotten = _forget(found, reason=form.hidden["asked"])
    _write_list()
    flash(_said(forgotten))
    return redirect(url_for("staff.privacy"), 303)


def _preview(form: ForgetForm, found: Found) -> ResponseReturnValue:
    with transaction():
        held = all_held(found)
        note_look(found, held, action="erasure looked at", screen=SCREEN, reason=form.hidden["asked"])
    status = 422 if form.errors else 200
    page = render_template(
        "staff/forget_family.html",
        form=form,
        hidden=form.hidden,
        what=what_goes(held, now=clock.now()),
        names=GOES,
        district=_district,
        has_errors=status == 422,
    )
    return page, status


def _forget(found: Found, *, reason: str) -> Forgotten:
    if found.family_id is not None:
        return forget(found.family_id, screen=SCREEN, reason=reason)
    return Forgotten(bookings=0, cancelled=0, news=forget_address(found.email_hash or "", screen=SCREEN, reason=reason))


def _write_list() -> None:
    """Write the file of erasures; the worker does it again at night, so what fails here is only later."""
    try:
        write_list(settings().instance_path)
    except (OSError, ValueError):
        log.exception("The list of erasures could not be written")


def _said(forgotten: Forgotten) -> str:
    bookings = ngettext("%(num)d booking", "%(num)d bookings", forgotten.bookings)
    said = [_("Erased: %(bookings)s. The numbers stay, and lead to nobody.", bookings=bookings)]
    if forgotten.cancelled:
        said.append(ngettext("%(num)d place was free again.", "%(num)d places were free again.", forgotten.cancelled))
    if forgotten.news:
        said.append(_("News of new sessions has stopped."))
    return " ".join(said)


def _district(code: str) -> str:
    known = locality().find_district(code)
    return known.name if known else _("a district we do not know")
