"""Everything that is kept of a family: to read, to print, and as a file. What it is found by stands in no address."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import ValidationError

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.held_words import AS_TABLE, SECTIONS, held_file, label_of, names_in, said
from booking.formats.words_for import wording
from booking.queries.all_held import Found, Held, all_held, find_whose
from booking.queries.who_looked import SHOWN
from booking.rules.words import AskedBy
from booking.services.record_audit import VIEW, record_audit
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff


class WhichFamilyForm(HouseForm):
    """By what the family is found, and why somebody looks."""

    said = StringField(
        _l("Reference, email address or phone number of the family"),
        [Needed(_l("Write one of the three.")), AtMost(254)],
    )
    asked = RadioField(
        _l("Why?"),
        description=_l("Be sure that it is them: answer to the address, or ring the number, that is kept here."),
        validators=[Needed(_l("Choose why."))],
        validate_choice=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked.choices = [(each.value, wording(each)) for each in AskedBy]

    def validate_asked(self, field: Any) -> None:
        """Refuse what was not offered."""
        if field.data not in set(AskedBy):
            raise ValidationError(_("Choose why."))

    def found(self) -> Found | None:
        """Return whose data is meant; the form says so if that is nobody's or not clear."""
        if not self.validate_on_submit():
            return None
        try:
            found = find_whose(self.said.data or "")
        except Refusal as refusal:
            self.refuse("said", refusal.sentence)
            return None
        if found is None:
            self.refuse("said", _("Nothing is kept under this. Try the reference of one of their bookings."))
        return found

    @property
    def hidden(self) -> dict[str, str]:
        """What the buttons on the next page send along."""
        return {"said": self.said.data or "", "asked": self.asked.data or ""}


@staff.route("/privacy/family", methods=["GET", "POST"])
def family_held() -> ResponseReturnValue:
    """Find a family and show everything that is kept of it."""
    form = WhichFamilyForm()
    found = form.found()
    if found is None:
        return ask_whose(form)
    with transaction():
        held = all_held(found)
        note_look(found, held, action=VIEW, screen="staff.family_held", reason=form.hidden["asked"])
    return render_template(
        "staff/family_held.html",
        hidden=form.hidden,
        held=held,
        sections=SECTIONS,
        label_of=label_of,
        names_in=names_in,
        said=partial(said, locality=locality()),
        as_table=AS_TABLE,
        now=clock.now(),
    )


@staff.post("/privacy/family/file")
def family_file() -> ResponseReturnValue:
    """Give the same as a file that programs read."""
    form = WhichFamilyForm()
    found = form.found()
    if found is None:
        return ask_whose(form)
    with transaction():
        held = all_held(found)
        note_look(found, held, action="export of all", screen="staff.family_file", reason=form.hidden["asked"])
    response = Response(held_file(held.sections, made_at=clock.now()), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="all-we-keep.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def ask_whose(form: WhichFamilyForm) -> ResponseReturnValue:
    """Ask by what the family is found."""
    status = 422 if form.errors else 200
    return render_template("staff/which_family.html", form=form, has_errors=status == 422), status


def note_look(found: Found, held: Held, *, action: str, screen: str, reason: str) -> None:
    """Write down who looked at all of it, and why, so that the family can be told."""
    facts = {SHOWN: held.booking_ids, "family": found.family_id}
    record_audit(action, screen=screen, subject_type="booking", reason=reason, facts=facts)
