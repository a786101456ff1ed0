"""The forms of the family's own page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from booking.formats import words_for
from booking.rules.words import FamilyCancelReason
from booking.web.public.booking_forms import MOST_ADULTS, NAME, NumberField
from booking.web.shared.forms import AtMost, HouseForm

OFFERED_REASONS = tuple(reason for reason in FamilyCancelReason if reason != FamilyCancelReason.MOVED)


class CancelForm(HouseForm):
    """Why a family cannot come; always optional (M20)."""

    reason = RadioField(_l("Would you like to tell us why? (optional)"), validate_choice=False)

    @classmethod
    def of(cls, *, has_moved: bool) -> CancelForm:
        """Return the form; "the new date does not work" is offered only where there is a new date."""
        form = cls()
        reasons = tuple(FamilyCancelReason) if has_moved else OFFERED_REASONS
        form.reason.choices = [(reason.value, words_for.wording(reason)) for reason in reasons]
        return form

    def validate_reason(self, field: Any) -> None:
        if field.data and field.data not in {value for value, _label in field.choices}:
            raise ValidationError(_("Choose one of these, or leave it empty."))

    @property
    def why(self) -> FamilyCancelReason | None:
        return FamilyCancelReason(self.reason.data) if self.reason.data else None


class AdultsForm(HouseForm):
    """How many adults come."""

    adults = NumberField(
        _l("How many adults are coming?"),
        least=1,
        most=MOST_ADULTS,
        sentence=_l("Tell us how many adults are coming: a number from 1 to 6."),
    )
    other_names = TextAreaField(
        _l("Names of the adults you add (optional)"),
        description=_l("One on each line."),
        validators=[AtMost(NAME * MOST_ADULTS)],
    )

    @property
    def names(self) -> list[str]:
        return [name for line in (self.other_names.data or "").split("\n") if (name := line.strip())]
