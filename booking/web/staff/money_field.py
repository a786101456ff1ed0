"""A field for pounds that holds pence."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from wtforms import StringField

MOST_PENCE = 100_000_00
_POUNDS = re.compile(r"£?\s*(\d{1,6})(?:\.(\d{2}))?", re.ASCII)
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))", re.ASCII)


class MoneyField(StringField):
    """An amount such as 120 or £85.50; None when nothing was typed, and what was typed stays when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        match = _POUNDS.fullmatch(
            text.replace(",", "") if re.fullmatch(r"£?\s*\d{1,3},\d{3}(\.\d{2})?", text) else text
        )
        pence = int(match[1]) * 100 + int(match[2] or 0) if match else MOST_PENCE + 1
        if pence > MOST_PENCE:
            raise ValueError(_("Write an amount in pounds, such as 120 or 85.50, up to £100,000."))
        self.data = pence

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return pounds(self.data) if isinstance(self.data, int) else ""


def pounds(pence: int) -> str:
    """Write pence as pounds: 120 or 85.50."""
    return f"{pence // 100}" if pence % 100 == 0 else f"{pence // 100}.{pence % 100:02d}"
