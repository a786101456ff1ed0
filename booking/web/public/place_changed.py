"""Tell us that something at a place is not as we say: nobody is asked who they are."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from booking.errors import NotFound
from booking.extensions import limiter, transaction
from booking.queries.session_page import ShownPlace, ShownSession, find_public_session
from booking.services.keep_place_report import keep_place_report
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import TrapForm
from booking.web.public.draft_pages import slow_down
from booking.web.shared.forms import AtMost, Needed

TEXT = 500


class ChangedForm(TrapForm):
    """What has changed."""

    text = TextAreaField(
        _l("What has changed?"),
        [Needed(_l("Tell us what has changed.")), AtMost(TEXT)],
        description=_l("For example: the lift is broken, or the side door is locked now. Please do not write names."),
    )


@public.route("/sessions/<slug>/place/changed", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], on_breach=slow_down)
def place_changed(slug: str) -> ResponseReturnValue:
    """Ask what has changed at the place of a session."""
    event, venue = _open_place(slug)
    form = ChangedForm()
    if form.validate_on_submit():
        with transaction():
            keep_place_report(venue.id, form.text.data or "")
        return redirect(url_for("public.place_changed_thanks", slug=slug), 303)
    page = render_template("public/place_changed.html", form=form, event=event, has_errors=bool(form.errors))
    return page, 422 if form.errors else 200


@public.get("/sessions/<slug>/place/changed/thanks")
def place_changed_thanks(slug: str) -> ResponseReturnValue:
    """Say thank you, and what happens with it."""
    event, _venue = _open_place(slug)
    return render_template("public/place_changed_thanks.html", event=event)


def _open_place(slug: str) -> tuple[ShownSession, ShownPlace]:
    event = find_public_session(slug)
    if event is None or event.venue is None or event.venue.is_confidential:
        raise NotFound(_("We cannot find that place. The link may be old or cut short."))
    return event, event.venue
