"""The forms about a picture: the file, and the words that stand for it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from booking.web.shared.forms import AtMost, HouseForm, Needed, clean_line
from booking.web.shared.settings import locality


def _words() -> TextAreaField:
    return TextAreaField(
        _l("What does the picture show?"),
        [Needed(_l("Say in a sentence what the picture shows.")), AtMost(300)],
        filters=[clean_line],
        description=_l(
            "One short sentence. It stands beside the picture, and is read out to whoever cannot see it. "
            "For example: The front door. It is yellow and there is no step."
        ),
    )


def _fact() -> SelectField:
    return SelectField(
        _l("Which fact about this place does it show?"),
        choices=_fact_choices,
        description=_l("Families who read this fact find a link to the picture beside it."),
    )


def _fact_choices() -> list[SelectChoice]:
    none = SelectChoice("", _("None of them: the place in general"))
    return [none, *(SelectChoice(kind.code, _(kind.label)) for kind in locality().facts)]


class PhotoWordsForm(HouseForm):
    """What a picture shows."""

    alt = _words()
    fact_code = _fact()


class NewPhotoForm(HouseForm):
    """A picture to add."""

    photo = FileField(
        _l("Picture"),
        description=_l("A photo that ends in .jpg, .png or .webp, of 8 MB or less. We make it small ourselves."),
    )
    alt = _words()
    fact_code = _fact()

    def validate_photo(self, field: Any) -> None:
        """Refuse a form without a file."""
        if not field.data:
            raise StopValidation(str(_l("Choose a picture.")))
