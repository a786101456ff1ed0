"""A field for a whole number that may be left empty."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional


class NumberField(IntegerField):
    """A whole number from `least` to `most`, or None when nothing was typed."""

    def __init__(self, label: Any, *, least: int = 1, most: int = 10_000, **kwargs: Any) -> None:
        sentence = _l_range(least, most)
        super().__init__(label, [Optional(), NumberRange(least, most, sentence)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; keep what was typed when it is none."""
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.lstrip("-").isascii() and text.lstrip("-").isdigit()) or len(text) > 9:
            raise ValueError(_("Write a whole number, such as 30."))
        self.data = int(text)


def _l_range(least: int, most: int) -> str:
    return f"Write a whole number from {least} to {most}."
