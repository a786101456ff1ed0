"""Fields for a date in three parts and for a time as people write it; whatever is typed, they never raise."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from booking.web.shared.forms import clean_text

PARTS = ("day", "month", "year")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_WIDTHS = {"day": 2, "month": 2, "year": 4}


class DatePartsField(Field):
    """A date typed as day, month and year, in `name-day`, `name-month` and `name-year`. `missing` if it is needed."""

    def __init__(self, label: Any = None, validators: Any = None, *, missing: Any = "", **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.missing = missing
        self.parts = dict.fromkeys(PARTS, "")
        self.problem = ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take what was typed, or the date given."""
        self.process_errors: list[str] = []
        default = self.default() if callable(self.default) else self.default
        self.object_data = self.data = default if data is unset_value else data
        self.parts, self.problem = _parts_of(self.data), ""
        names = {part: f"{self.name}-{part}" for part in PARTS}
        if formdata is not None and any(name in formdata for name in names.values()):
            self.parts = {part: str(clean_text(formdata.get(name, "")))[:20] for part, name in names.items()}
            self.data = None
            if any(self.parts.values()):
                self.data, self.problem = _read_date(self.parts)

    def pre_validate(self, form: Any) -> None:
        """Say what is wrong with the parts, in one sentence."""
        if self.problem:
            raise StopValidation(self.problem)
        if self.missing and self.data is None:
            raise StopValidation(str(self.missing))

    def params(self, hint: str = "") -> dict[str, Any]:
        """Return what the date input macro wants."""
        wrong = " govuk-input--error" if self.errors else ""
        result: dict[str, Any] = {
            "id": self.id,
            "namePrefix": self.name,
            "fieldset": {"legend": {"text": str(self.label.text), "classes": "govuk-fieldset__legend--s"}},
            "hint": {"text": hint or str(self.description or _("For example, 24 11 2026"))},
            "items": [
                {
                    "id": self.id if part == "day" else f"{self.id}-{part}",
                    "name": part,
                    "label": label,
                    "value": self.parts[part],
                    "classes": f"govuk-input--width-{_WIDTHS[part]}{wrong}",
                }
                for part, label in zip(PARTS, (_("Day"), _("Month"), _("Year")), strict=True)
            ],
        }
        # The summary's link must land on an input, so the first part has the field's id and the group another.
        result["id"] = f"{self.id}-group"
        if self.errors:
            result["errorMessage"] = {"text": str(self.errors[0])}
        return result


class TimeField(StringField):
    """A time such as 10am, 1.30pm, 13:30 or midday; `time` is what was understood, `data` stays as it was typed."""

    def __init__(self, label: Any = None, validators: Any = None, *, missing: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("description", _l("For example, 10am or 1:30pm"))
        super().__init__(label, validators, **kwargs)
        self.missing = missing

    @property
    def time(self) -> time | None:
        """Return the time that was understood."""
        return read_time(self.data) if isinstance(self.data, str) else None

    def pre_validate(self, form: Any) -> None:
        """Say that it is not a time."""
        if self.missing and not self.data:
            raise StopValidation(str(self.missing))
        if self.data and self.time is None:
            raise StopValidation(_("Write a time such as 10am, 1:30pm or 13:30."))


def read_time(text: str) -> time | None:
    """Return the time that people mean by "10", "10am", "1.30 pm", "13:30", "noon"; None if it is none."""
    plain = re.sub(r"\s", "", text).lower()
    if plain in ("midday", "noon"):
        return time(12)
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?(am|pm|a\.m\.|p\.m\.)?", plain, flags=re.ASCII)
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def write_time(at: time) -> str:
    """Return a time as the field shows it: 10:00am."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}{'am' if at.hour < 12 else 'pm'}"


def _parts_of(day: Any) -> dict[str, str]:
    if not isinstance(day, date):
        return dict.fromkeys(PARTS, "")
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def _read_date(parts: dict[str, str]) -> tuple[date | None, str]:
    if missing := [part for part in PARTS if not parts[part]]:
        words = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
        return None, _("The date needs %(part)s.", part=_(" and ").join(words[part] for part in missing))
    month = parts["month"].lower()[:3]
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else parts["month"]
    figures = (parts["year"], number, parts["day"])
    if not all(re.fullmatch(r"\d{1,4}", each, flags=re.ASCII) for each in figures):
        return None, _("Write the date in figures, for example 24 11 2026.")
    year = int(figures[0]) + (2000 if len(figures[0]) <= 2 else 0)
    try:
        return date(year, int(figures[1]), int(figures[2])), ""
    except ValueError:
        return None, _("This date does not exist. Check the day and the month.")
