"""The base of all forms, and the few field kinds WTForms lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import TextAreaField
from wtforms.validators import StopValidation, ValidationError

from booking.web.shared.held_forms import typed_now

LINE_ENDS = re.compile(r"[\n\u2028\u2029]+")


class HouseForm(FlaskForm):
    """A form in plain English: text is trimmed and normalised, and nothing typed is thrown away."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            has_lines = issubclass(unbound_field.field_class, TextAreaField)
            filters = [*unbound_field.kwargs.get("filters", []), clean_text if has_lines else clean_line]
            return unbound_field.bind(form=form, filters=filters, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what was sent; on a page that is only looked at, what its writer had typed before signing in."""
            found = super().wrap_formdata(form, formdata)
            return typed_now() if found is None and formdata is _Auto else found

    def refuse(self, name: str | None, sentence: str) -> None:
        """Show a Refusal beside its field, or at the top when it belongs to none."""
        if name and name in self:
            self[name].errors = [*self[name].errors, sentence]
        else:
            self.form_errors.append(sentence)


def clean_text(value: Any) -> Any:
    """Return text in normal form C, trimmed, without control characters (NUL breaks PostgreSQL)."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc").strip()


def clean_line(value: Any) -> Any:
    """Return clean text on one line: a browser sends no more, and a line too many can become a header of a mail."""
    text = clean_text(value)
    return LINE_ENDS.sub(" ", text) if isinstance(text, str) else text


class Needed:
    """The field must be answered; `sentence` says what to do."""

    field_flags = {"required": False}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(self.sentence)


class AtMost:
    """No more than so many characters."""

    def __init__(self, characters: int) -> None:
        self.characters = characters

    def __call__(self, _form: Any, field: Any) -> None:
        if isinstance(field.data, str) and len(field.data) > self.characters:
            raise ValidationError(
                str(_l("Please use %(number)d characters or fewer. You have used %(used)d."))
                % {"number": self.characters, "used": len(field.data)}
            )


def check(rule: Callable[[str], object], sentence: str) -> Callable[[Any, Any], None]:
    """Return a validator: text that is given must satisfy the rule (which returns None for no)."""

    def validate(_form: Any, field: Any) -> None:
        if field.data and rule(field.data) is None:
            raise ValidationError(sentence)

    return validate
