"""Bring in venues or sessions from a file: a template, a look at what would happen, and only then the deed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user
from flask_wtf.file import FileField
from wtforms import HiddenField

from booking.extensions import transaction
from booking.queries.held_forms import find_held_form
from booking.queries.venue_names import VenueNames
from booking.services.hold_form import hold_form
from booking.services.import_rows import Done
from booking.web.shared.downloads import send_csv
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.import_columns import EXAMPLE, Column, example_row, session_columns, venue_columns
from booking.web.staff.import_files import Result, take_sessions, take_venues

MOST_BYTES = 600_000
"""Some hundred rows have far less. It is kept, sealed, from the look to the deed."""


class ImportForm(HouseForm):
    """The file; or the word for one that lies here already, and whether it is to be brought in now."""

    file = FileField(_l("Your file"), description=_l("A file that ends in .csv, with 300 rows at most."))
    held = HiddenField()
    step = HiddenField()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a file is about, and where its page is."""

    name: str
    endpoint: str
    columns: Callable[[], Sequence[Column]]
    take: Callable[..., Result]

    @property
    def path(self) -> str:
        """Return the address of the page, which a file that is kept belongs to."""
        return url_for(self.endpoint)


VENUES = Subject(
    name="venues", endpoint="staff.import_venues", columns=lambda: venue_columns(locality()), take=take_venues
)
SESSIONS = Subject(
    name="sessions",
    endpoint="staff.import_sessions",
    columns=lambda: session_columns(locality(), VenueNames()),
    take=take_sessions,
)


@staff.route("/import/venues", methods=["GET", "POST"])
def import_venues() -> ResponseReturnValue:
    """Bring in venues."""
    return _page_of(VENUES)


@staff.route("/import/sessions", methods=["GET", "POST"])
def import_sessions() -> ResponseReturnValue:
    """Bring in sessions, as drafts."""
    return _page_of(SESSIONS)


@staff.get("/import/venues/template.csv")
def venues_template() -> ResponseReturnValue:
    """Give the first lines of a file of venues."""
    return _template(VENUES)


@staff.get("/import/sessions/template.csv")
def sessions_template() -> ResponseReturnValue:
    """Give the first lines of a file of sessions."""
    return _template(SESSIONS)


def _page_of(about: Subject) -> ResponseReturnValue:
    form = ImportForm()
    if not form.validate_on_submit():
        return _show(about, form)
    content = _content(about, form)
    if content is None:
        return _show(about, form)
    is_sure = form.step.data == "import" and bool(form.held.data)
    result = about.take(content, dry_run=not is_sure, screen=about.endpoint)
    if result.is_written:
        flash(_said(about, result))
        return redirect(url_for(f"staff.{about.name}"), 303)
    held = (form.held.data or _hold(about, content)) if not result.problems else ""
    return _show(about, form, result=result, held=held)


def _content(about: Subject, form: ImportForm) -> bytes | None:
    """Return the file that came, or the one that lies here; None, with a sentence, when there is neither."""
    if form.file.data and form.file.data.filename:
        form.held.data = ""
        content: bytes = form.file.data.stream.read(MOST_BYTES + 1)
        if not content:
            form.refuse("file", _("This file is empty."))
        elif len(content) > MOST_BYTES:
            form.refuse("file", _("This file is larger than 600 kB. Please split it."))
        else:
            return content
        return None
    if not form.held.data:
        form.refuse("file", _("Choose a file."))
        return None
    held = find_held_form(form.held.data, staff_id=current_user.id)
    if held is None or held.path != about.path:
        form.held.data = ""
        form.refuse("file", _("We do not have that file any more: it is kept for a day. Choose it again."))
        return None
    return base64.b64decode(held.fields["content"][0])


def _hold(about: Subject, content: bytes) -> str:
    """Keep the file, sealed, for this person alone; nothing that was found out about it is kept with it."""
    fields = {"content": [base64.b64encode(content).decode()]}
    with transaction():
        return hold_form(current_user.fs_uniquifier, path=about.path, fields=fields) or ""


def _show(about: Subject, form: ImportForm, *, result: Result | None = None, held: str = "") -> ResponseReturnValue:
    has_errors = bool(form.errors or (result and result.problems))
    page = render_template(
        f"staff/import_{about.name}.html",
        form=form,
        path=about.path,
        about=about.name,
        columns=about.columns(),
        result=result,
        held=held or (form.held.data if result is None else ""),
        template_url=url_for(f"staff.{about.name}_template"),
        has_errors=has_errors,
        example_mark=EXAMPLE,
        **_counts(result),
    )
    return page, 422 if has_errors else 200


def _counts(result: Result | None) -> dict[str, Any]:
    outcomes = result.outcomes if result else ()
    return {done.value: [outcome for outcome in outcomes if outcome.done == done] for done in Done}


def _said(about: Subject, result: Result) -> str:
    counts = {name: len(rows) for name, rows in _counts(result).items()}
    new = ngettext("%(num)d new venue", "%(num)d new venues", counts["made"])
    if about is SESSIONS:
        new = ngettext("%(num)d new draft", "%(num)d new drafts", counts["made"])
    said = [_("Imported: %(new)s.", new=new)]
    if counts["changed"]:
        said.append(ngettext("%(num)d changed.", "%(num)d changed.", counts["changed"]))
    if counts["same"]:
        said.append(ngettext("%(num)d was there already.", "%(num)d were there already.", counts["same"]))
    return " ".join(said)


def _template(about: Subject) -> ResponseReturnValue:
    columns = about.columns()
    return send_csv(f"{about.name}-template", [column.name for column in columns], [example_row(columns)])
