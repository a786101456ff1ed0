"""How a session is repeated (in the address of the page, so that it can be looked at again), and which dates of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.rules.recurrence import Every, Rule
from booking.web.shared.date_fields import DatePartsField
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.shared.number_field import NumberField
from booking.web.staff.session_forms import clash_field

HOW_OFTEN = {
    Every.WEEK: _l("Every week"),
    Every.TWO_WEEKS: _l("Every 2 weeks"),
    Every.THREE_WEEKS: _l("Every 3 weeks"),
    Every.FOUR_WEEKS: _l("Every 4 weeks"),
    Every.MONTH: _l("Every month, on the same weekday of the month (such as the second Tuesday)"),
    Every.MONTH_END: _l("Every month, on the last such weekday (such as the last Tuesday)"),
}


class RuleForm(HouseForm):
    """A rule; it is asked for by GET and changes nothing."""

    every = SelectField(
        _l("How often?"),
        choices=[SelectChoice(each.value, said) for each, said in HOW_OFTEN.items()],
        default=Every.WEEK,
    )
    ends = RadioField(
        _l("How long?"),
        choices=[SelectChoice("number", _l("A number of dates")), SelectChoice("until", _l("Until a day"))],
        default="number",
    )
    number = NumberField(_l("How many more dates?"), least=1, most=9999, default=5)
    until = DatePartsField(_l("Last day"))
    skip_school = BooleanField(_l("Leave out school holidays and half-terms"), default=True)
    skip_bank = BooleanField(_l("Leave out bank holidays"), default=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the number, too, where it ends the rule."""
        if not super().validate(extra_validators):
            return False
        if self.ends.data == "number" and self.number.data is None:
            self.refuse("number", _("Write how many more dates."))
            return False
        return True

    def validate_until(self, field: Any) -> None:
        """Ask for the last day where it ends the rule."""
        if self.ends.data != "until":
            return
        if field.data is None:
            raise ValidationError(_("Write the last day."))
        if field.data <= clock.today():
            raise ValidationError(_("The last day is in the past. Choose a later day."))

    def rule(self) -> Rule:
        """Return what was asked for."""
        ends: dict[str, Any] = {"until": self.until.data}
        if self.ends.data == "number":
            ends = {"number": self.number.data}
        return Rule(
            every=Every(self.every.data),
            skips_bank_holidays=self.skip_bank.data,
            skips_school_holidays=self.skip_school.data,
            **ends,
        )


class RepeatForm(HouseForm):
    """Which of the dates are made, and how they belong together."""

    title = StringField(_l("What are they called together?"), [AtMost(140)])
    together = RadioField(
        _l("How do families book them?"),
        choices=[
            SelectChoice("no", _l("Each date by itself")),
            SelectChoice("yes", _l("As a course: all dates at once, or some of them")),
        ],
        default="no",
    )
    days = SelectMultipleField(_l("Which dates?"), validate_choice=False)
    clash_reason = clash_field()

    def validate_days(self, field: Any) -> None:
        """Refuse a day that is not on offer: the page that was sent is an old one."""
        if not set(field.data or ()) <= {value for value, *_rest in field.choices}:
            raise ValidationError(_("Look at the dates again: one of them is not on offer any more."))

    def chosen(self) -> list[date]:
        """Return the days with a tick."""
        return [date.fromisoformat(value) for value in self.days.data or ()]


def rule_form() -> RuleForm:
    """Return the rule that the address holds, or the usual one."""
    return RuleForm(request.args if "every" in request.args else None, meta={"csrf": False})
