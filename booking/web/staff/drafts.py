"""All drafts to come on one page: look them through and publish those that are ready, in one go."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectMultipleField

from booking.errors import Refusal
from booking.extensions import transaction
from booking.locality.kinds import VenueFactKind
from booking.models import Event
from booking.queries.date_conflicts import Wanted, conflicts_of
from booking.queries.drafted_sessions import MOST, drafted_sessions
from booking.queries.venue_calendar import not_yet_allowed
from booking.rules.double_bookings import stay_of
from booking.rules.permissions import Action
from booking.services.publish_drafts import publish_drafts
from booking.services.publish_session import basics_missing, why_unready
from booking.web.shared.access import is_among, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.session_forms import PublishForm


@dataclass(frozen=True)
class Line:
    """A draft and what is missing before it may go out; `lacks` cannot be helped by a reason."""

    event: Event
    lacks: str
    gaps: list[VenueFactKind]
    clashes: tuple[Event, ...]

    @property
    def is_ready(self) -> bool:
        """Tell whether it may go out as it is."""
        return not (self.lacks or self.gaps or self.clashes)


class DraftsForm(PublishForm):
    """Which drafts are published, and why some may go out all the same."""

    publish = SelectMultipleField(_l("Which drafts?"), validate_choice=False, coerce=int)


@staff.route("/sessions/drafts", methods=["GET", "POST"])
def drafts() -> ResponseReturnValue:
    """List the drafts with what each lacks; publish those with a tick, all or none."""
    form, lines = DraftsForm(), _lines()
    if not form.is_submitted():
        form.publish.data = [line.event.id for line in lines if line.is_ready]
    if form.validate_on_submit():
        numbers = [line.event.id for line in lines if line.event.id in (form.publish.data or ())]
        try:
            with transaction():
                publish_drafts(numbers, reason=form.reason.data or "", clash_reason=form.clash_reason.data or "")
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            lines = _lines()
        else:
            said = ngettext("%(num)d session is published now.", "%(num)d sessions are published now.", len(numbers))
            flash(f"{said} {_('Families can see it.') if len(numbers) == 1 else _('Families can see them.')}")
            return redirect(url_for("staff.drafts"), 303)
    page = render_template(
        "staff/drafts.html", form=form, lines=lines, is_cut=len(lines) >= MOST, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors else 200


def _lines() -> list[Line]:
    mine = sessions_within(Action.EDIT_SESSIONS)
    events = [each for each in drafted_sessions() if is_among(each.id, mine)]
    found = conflicts_of([Wanted(each.starts_at, each.ends_at, stay_of(each), None) for each in events])
    return [_line(event, conflicts.taken) for event, conflicts in zip(events, found, strict=True)]


def _line(event: Event, taken: tuple[Event, ...]) -> Line:
    return Line(
        event=event,
        lacks=why_unready(event),
        gaps=[locality().get_fact(code) for code in basics_missing(event)],
        clashes=not_yet_allowed(event, [other for other in taken if other is not event]),
    )
