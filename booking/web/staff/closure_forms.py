"""The form of a closure: which days and districts, and what becomes of the sessions there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.rules.words import EventCancelReason
from booking.web.shared.date_fields import DatePartsField
from booking.web.shared.forms import AtMost, HouseForm, Needed

LONGEST = timedelta(days=14)


class Closing(StrEnum):
    """What becomes of the sessions of a closure."""

    CANCEL = "cancel"
    PUT_OFF = "put_off"
    ONLINE = "online"


HOW = {
    Closing.CANCEL: _l("Cancel them"),
    Closing.PUT_OFF: _l("Put them off: each gets a new date later"),
    Closing.ONLINE: _l("Hold them online at the same time"),
}


class ClosureForm(HouseForm):
    """Days, districts and what to do."""

    first = DatePartsField(_l("First day"), missing=_l("Write the first day."))
    last = DatePartsField(_l("Last day (leave it empty for one day)"))
    districts = SelectMultipleField(_l("Districts (no tick: all of them)"))
    how = RadioField(_l("What shall become of the sessions?"), [Needed(_l("Choose what to do."))])
    reason = RadioField(_l("Why?"), default=EventCancelReason.WEATHER.value)
    join_url = StringField(
        _l("Link to join online"),
        [AtMost(500)],
        description=_l("Only if they are held online. Only families who have booked get it."),
    )
    dial_in = StringField(_l("Telephone number and code to join (optional)"), [AtMost(200)])

    def validate_last(self, field: Any) -> None:
        """Refuse days in the wrong order, and a whole term by mistake."""
        if field.data is None or self.first.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))
        if field.data - self.first.data > LONGEST:
            raise ValidationError(_("Choose two weeks at most."))

    def validate_join_url(self, field: Any) -> None:
        """Ask for a way to join where they are held online."""
        if self.how.data != Closing.ONLINE:
            return
        if not field.data and not self.dial_in.data:
            raise ValidationError(_("Write the link to join, or a telephone number."))
        if field.data and not (urlsplit(field.data).scheme in ("https", "http") and urlsplit(field.data).netloc):
            raise ValidationError(_("Write the whole link. It begins with https://"))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the moments between which a session begins that is touched."""
        last: date = self.last.data or self.first.data
        return clock.start_of_day(self.first.data), clock.end_of_day(last)


def closure_form(locality: Locality) -> ClosureForm:
    """Return the form, for today if nothing was typed."""
    form = ClosureForm(data={"first": clock.today()})
    form.districts.choices = [SelectChoice(each.code, _(each.name)) for each in locality.inside_districts]
    form.how.choices = [SelectChoice(each.value, HOW[each]) for each in Closing]
    form.reason.choices = [SelectChoice(each.value, wording(each)) for each in EventCancelReason]
    return form
