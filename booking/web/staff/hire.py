"""Whom to ask for the key of a venue, how to get in and what the hire costs: for staff, and never told to families."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import ValidationError

from booking.extensions import transaction
from booking.queries.venues import find_hire, get_venue, sessions_on_their_day
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.services.save_hire import HireDetails
from booking.services.save_hire import save_hire as save
from booking.web.shared.access import is_among, may_now, sessions_within
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.staff.blueprint import staff

_CODE = re.compile(r"\b(alarms?|codes?|pin|safes?|combination|keypad)\b[^\n]{0,40}\b\d{4,8}\b", re.IGNORECASE)
"""Four to eight digits soon after a word that they open something with: a telephone number is longer."""


class HireForm(HouseForm):
    """What staff need to get in."""

    keyholder = StringField(_l("Who has the key (optional)"), [AtMost(120)])
    phone = StringField(_l("Their phone number (optional)"), [AtMost(40)])
    way_in = TextAreaField(
        _l("How to get in (optional)"),
        [AtMost(1000)],
        description=_l("Where the key is fetched and brought back, which door, what to lock. Never a code."),
    )
    cost = TextAreaField(
        _l("What the hire costs (optional)"),
        [AtMost(300)],
        description=_l("For example: £18 an hour, invoice at the end of the month. Free for charities on weekdays."),
    )
    has_alarm = BooleanField(
        _l("There is an alarm"),
        description=_l("Staff read “alarm: see safe”. The code lies in the safe and is never written here."),
    )

    def validate_way_in(self, field: Any) -> None:
        """Refuse what looks like a code: whoever reads over a shoulder could open the building."""
        if _CODE.search(field.data or ""):
            raise ValidationError(_("This looks like a code. Take it out, and keep it in the safe."))

    validate_cost = validate_keyholder = validate_phone = validate_way_in

    def details(self) -> HireDetails:
        """Return what was typed."""
        return HireDetails(
            keyholder=self.keyholder.data or "",
            phone=self.phone.data or "",
            cost=self.cost.data or "",
            way_in=self.way_in.data or "",
            has_alarm=self.has_alarm.data,
        )


@staff.get("/venues/<int:venue_id>/hire")
def hire(venue_id: int) -> ResponseReturnValue:
    """Show how to get in, after an entry in the audit: a keyholder is a person.

    Who keeps the register of one day sees it on that day.
    """
    if not may_now(Action.EDIT_VENUES):
        mine = sessions_within(Action.RECORD_ATTENDANCE)
        if not any(is_among(number, mine) for number in sessions_on_their_day(venue_id)):
            abort(403)
    _record_view(venue_id)
    return render_template("staff/hire.html", venue=get_venue(venue_id), hire=find_hire(venue_id))


@staff.route("/venues/<int:venue_id>/hire/edit", methods=["GET", "POST"])
def edit_hire(venue_id: int) -> ResponseReturnValue:
    """Change how to get in."""
    _record_view(venue_id)
    venue, form = get_venue(venue_id), HireForm(obj=find_hire(venue_id))
    if form.validate_on_submit():
        with transaction():
            save(venue_id, form.details())
        flash(_("Saved."))
        return redirect(url_for("staff.hire", venue_id=venue_id), 303)
    status = 422 if form.errors else 200
    return render_template("staff/hire_form.html", venue=venue, form=form, has_errors=status == 422), status


def _record_view(venue_id: int) -> None:
    get_venue(venue_id)
    with transaction():
        record_view(screen="staff.hire", subject_type="venue", subject_id=venue_id)
