"""One paper card as it is typed in: the three questions, the box, and whether it may be quoted."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from booking.cipher import random_token
from booking.formats.feedback_words import asked, scale
from booking.rules.feedback import DOES_NOT_APPLY, FIRST, LONGEST, SCALE, Answers
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.shared.settings import locality

FACES = {str(number) for number, _text in SCALE if number != DOES_NOT_APPLY}
"""A card has five faces and no more."""


class CardForm(HouseForm):
    """`once` is the mark of the page, so that sending it twice is one card."""

    once = HiddenField(validators=[AtMost(26)])
    confident = RadioField(validate_choice=False)
    listened = RadioField(validate_choice=False)
    what_next = RadioField(validate_choice=False)
    change = TextAreaField(
        _l("One thing we should change"),
        description=_l("As it was written. Leave out names."),
        validators=[AtMost(LONGEST)],
    )
    may_quote = BooleanField(_l("They ticked that we may quote them without their name"))

    @classmethod
    def of(cls) -> CardForm:
        """Return an empty card."""
        form = cls(data={"once": random_token()})
        for name, text in asked(FIRST, area=locality().name).items():
            form[name].label.text = text
            form[name].choices = [(number, said) for number, said in scale() if number in FACES]
        return form

    def validate_confident(self, field: Any) -> None:
        _must_be_a_face(field)

    def validate_listened(self, field: Any) -> None:
        _must_be_a_face(field)

    def validate_what_next(self, field: Any) -> None:
        _must_be_a_face(field)

    @property
    def answers(self) -> Answers:
        """What the card says."""
        given = {name: int(self[name].data) for name in FIRST if self[name].data in FACES}
        return Answers(given=given, change=self.change.data or "", may_quote=bool(self.may_quote.data))


def _must_be_a_face(field: Any) -> None:
    if field.data and field.data not in FACES:
        raise ValidationError(_("Choose one of the five, or leave it empty."))
