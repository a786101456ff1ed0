"""Who looked at a family: what the privacy lead answers when a family asks."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from booking import clock
from booking.extensions import transaction
from booking.formats.screen_words import action_in_words, screen_in_words
from booking.queries.families import families_with_contact, families_with_reference
from booking.queries.who_looked import who_looked as looks
from booking.services.record_audit import record_audit
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.blueprint import staff


class WhoseForm(HouseForm):
    """By what the family is found; it stands in no address and in no log."""

    said = StringField(
        _l("Reference, email address or phone number of the family"),
        [Needed(_l("Write one of the three.")), AtMost(254)],
    )


@staff.route("/who-looked", methods=["GET", "POST"])
def who_looked() -> ResponseReturnValue:
    """Find a family, and list who saw or changed what is kept of it. Asking is written down as well."""
    form = WhoseForm()
    rows, found = [], False
    if form.validate_on_submit():
        families = families_with_reference(form.said.data) or families_with_contact(form.said.data)
        found = bool(families)
        if found:
            with transaction():
                for family in families:
                    record_audit("who looked", screen="staff.who_looked", subject_type="family", subject_id=family)
            rows = looks(families)
        else:
            form.refuse("said", _("No family is known by this. Try the reference of one of their bookings."))
    status = 422 if form.errors else 200
    page = render_template(
        "staff/who_looked.html",
        form=form,
        rows=rows,
        found=found,
        now=clock.now(),
        screen=screen_in_words,
        action=action_in_words,
        has_errors=status == 422,
    )
    return page, status
