"""The forms about a picture: the file, and the words that stand for it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import StopValidation

from booking.web.shared.forms import AtMost, HouseForm, Needed, clean_line


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


class PhotoWordsForm(HouseForm):
    """What a picture shows."""

    alt = _words()


class NewPhotoForm(HouseForm):
    """A picture to add."""

    photo = FileField(
        _l("Picture"),
        description=_l("A photo that ends in .jpg, .png or .webp, of 8 MB or less. We make it small ourselves."),
    )
    alt = _words()

    def validate_photo(self, field: Any) -> None:
        """Refuse a form without a file."""
        if not field.data:
            raise StopValidation(str(_l("Choose a picture.")))
