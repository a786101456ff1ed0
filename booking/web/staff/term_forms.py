"""Which sessions are copied and to when (in the address of the page), and what is changed about the copies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.formats.words_for import short_date
from booking.locality.kinds import Term
from booking.rules.term_copies import code_of, last_and_next
from booking.web.shared.date_fields import DatePartsField
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality
from booking.web.staff.session_forms import clash_field

DATES = "dates"
LONGEST = timedelta(days=120)


class SpanForm(HouseForm):
    """From which term to which; it is asked for by GET and changes nothing."""

    source = SelectField(_l("Which term’s sessions?"))
    first = DatePartsField(_l("First day that is copied"))
    last = DatePartsField(_l("Last day that is copied"))
    target = SelectField(_l("To which term?"))
    begins = DatePartsField(_l("First day of the new dates"))

    def validate_first(self, field: Any) -> None:
        """Ask for the first day where dates are chosen."""
        if self.source.data == DATES and field.data is None:
            raise ValidationError(_("Write the first day."))

    def validate_last(self, field: Any) -> None:
        """Ask for the last day where dates are chosen, not long after the first."""
        if self.source.data != DATES:
            return
        if field.data is None:
            raise ValidationError(_("Write the last day."))
        if self.first.data is not None and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))
        if self.first.data is not None and field.data - self.first.data > LONGEST:
            raise ValidationError(_("Choose four months at most."))

    def validate_begins(self, field: Any) -> None:
        """Ask for the new first day where dates are chosen."""
        if self.target.data == DATES and field.data is None:
            raise ValidationError(_("Write the first day of the new dates."))

    @property
    def copied(self) -> tuple[date, date]:
        """Return the first and the last day whose sessions are copied."""
        term = _named(self.source.data)
        return (term.start, term.end) if term else (self.first.data, self.last.data)

    @property
    def new_start(self) -> date:
        """Return the day on which the new dates begin."""
        term = _named(self.target.data)
        begins: date = term.start if term else self.begins.data
        return begins


class CopiesForm(HouseForm):
    """Which sessions are copied."""

    copy = SelectMultipleField(_l("Which sessions?"), validate_choice=False, coerce=int)
    clash_reason = clash_field()


def span_form() -> SpanForm:
    """Return the terms that the address names, or the last one and the next."""
    last, following = last_and_next(locality().terms, today=clock.today())
    usual = {
        "source": code_of(last) if last else DATES,
        "target": code_of(following) if following else DATES,
    }
    form = SpanForm(request.args if "source" in request.args else None, data=usual, meta={"csrf": False})
    begun = [term for term in locality().terms if term.start <= clock.today()]
    ahead = [term for term in locality().terms if term.end > clock.today()]
    form.source.choices = [*map(_choice, reversed(begun[-7:])), SelectChoice(DATES, _("Other dates"))]
    form.target.choices = [*map(_choice, ahead[:7]), SelectChoice(DATES, _("Dates that begin on a day I write"))]
    return form


def _choice(term: Term) -> SelectChoice:
    said = _("Term %(number)d, from %(day)s", number=term.number, day=short_date(term.start))
    return SelectChoice(code_of(term), f"{said} *" if term.illustrative else said)


def _named(code: str | None) -> Term | None:
    return next((term for term in locality().terms if code_of(term) == code), None)
