"""The forms in which families say what they think of a session: every question can be left out."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from booking.cipher import random_token
from booking.formats.feedback_words import asked, scale
from booking.models import Feedback
from booking.rules.feedback import AFTER, BEFORE, LONGEST, SCALE, THEN, Answers
from booking.rules.words import FeedbackMethod
from booking.web.public.booking_forms import TrapForm
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.shared.settings import locality

ON_THE_SCALE = {str(number) for number, _text in SCALE}
ONCE = 26


class BeforeForm(HouseForm):
    """Two questions before the session."""

    before_confident = RadioField(validate_choice=False)
    before_know_where = RadioField(validate_choice=False)

    @classmethod
    def of(cls, row: Feedback | None) -> BeforeForm:
        """Return the form, with what was answered before."""
        form = cls(data={name: _chosen(row, name) for name in BEFORE})
        _ask(form, asked(BEFORE, area=locality().name))
        return form

    def validate_before_confident(self, field: Any) -> None:
        _must_be_offered(field)

    def validate_before_know_where(self, field: Any) -> None:
        _must_be_offered(field)

    @property
    def given(self) -> dict[str, int]:
        """The answers that were given."""
        return _given(self)


class FeedbackForm(TrapForm):
    """How it was. `once` is the mark of the page, so that sending it twice is once."""

    once = HiddenField(validators=[AtMost(ONCE)])
    change = TextAreaField(
        _l("One thing we should change (optional)"),
        description=_l("Please do not write names. You do not need to say anything about your child."),
        validators=[AtMost(LONGEST)],
    )
    may_quote = RadioField(_l("May we quote you without your name? (optional)"), validate_choice=False)

    @classmethod
    def of(cls, row: Feedback | None = None) -> FeedbackForm:
        """Return the form, with what was answered before; who was asked before the session is not asked then."""
        form = cls(data=_said(row))
        asks_then = row is None or row.method != FeedbackMethod.PAIRED
        area = locality().name
        _ask(form, asked({**AFTER, **(THEN if asks_then else {})}, area=area))
        form.may_quote.choices = [("yes", _("Yes")), ("no", _("No"))]
        for name in [] if asks_then else THEN:
            del form[name]
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what is none of the answers."""
        is_valid = super().validate(extra_validators)
        wrong = [field for field in self if field.name in _QUESTIONS and field.data and field.data not in ON_THE_SCALE]
        for field in wrong:
            field.errors = [_("Choose one of these, or leave it empty.")]
        return is_valid and not wrong

    def validate_may_quote(self, field: Any) -> None:
        if field.data and field.data not in ("yes", "no"):
            raise ValidationError(_("Choose one of these, or leave it empty."))

    @property
    def answers(self) -> Answers:
        """What was said."""
        return Answers(given=_given(self), change=self.change.data or "", may_quote=self.may_quote.data == "yes")

    @property
    def has_more(self) -> bool:
        """Whether anything in the folded part is filled in or wrong, so that it stands open."""
        return any(self[name].data or self[name].errors for name in _FOLDED if name in self)


_QUESTIONS = (*BEFORE, *AFTER)
_FOLDED = (*BEFORE, "know_where", "understood", "had_what_needed", "again")
for _name in _QUESTIONS:
    setattr(FeedbackForm, _name, RadioField(validate_choice=False))


def _ask(form: HouseForm, questions: dict[str, str]) -> None:
    for name, text in questions.items():
        form[name].label.text = text
        form[name].choices = scale()


def _said(row: Feedback | None) -> dict[str, Any]:
    if row is None or row.answered_at is None:
        return {"once": random_token()}
    quote = {"may_quote": "yes" if row.may_quote else "no"} if row.change else {}
    return {**{name: _chosen(row, name) for name in _QUESTIONS}, "change": row.change or "", **quote}


def _chosen(row: Feedback | None, name: str) -> str | None:
    number = getattr(row, name) if row is not None else None
    return None if number is None else str(number)


def _given(form: HouseForm) -> dict[str, int]:
    return {field.name: int(field.data) for field in form if field.name in _QUESTIONS and field.data in ON_THE_SCALE}


def _must_be_offered(field: Any) -> None:
    if field.data and field.data not in ON_THE_SCALE:
        raise ValidationError(_("Choose one of these, or leave it empty."))
