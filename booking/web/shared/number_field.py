"""A field for a whole number."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, StopValidation


class NumberField(IntegerField):
    """A whole number from `least` to `most`; None when nothing was typed, unless `missing` says that it is needed."""

    def __init__(self, label: Any, *, least: int = 1, most: int = 10_000, missing: Any = "", **kwargs: Any) -> None:
        super().__init__(label, [Optional(), NumberRange(least, most, _range(least, most))], **kwargs)
        self.missing = missing

    def pre_validate(self, form: Any) -> None:
        """Ask for a number that is needed."""
        if self.missing and self.data is None and not self.process_errors:
            raise StopValidation(str(self.missing))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; keep what was typed when it is none."""
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.lstrip("-").isascii() and text.lstrip("-").isdigit()) or len(text) > 9:
            raise ValueError(_("Write a whole number, such as 30."))
        self.data = int(text)


def _range(least: int, most: int) -> str:
    return f"Write a whole number from {least} to {most}."
