"""The form that takes over a paper register: its rows in their order, and lines for people without a booking."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.queries.register import Entry, Register
from booking.rules.contact import normal_outcode
from booking.rules.row_codes import place_of_row, row_code
from booking.rules.taps import MOST_ADULTS, MOST_CHILDREN
from booking.services.add_walk_in import WalkIn
from booking.services.type_in_paper import PaperSheet
from booking.web.door.whereabouts import lives_in
from booking.web.shared.forms import AtMost, HouseForm, check
from booking.web.shared.number_field import NumberField

LINES, MOST_LINES = 4, 48
"""Lines for people without a booking: so many at first, and at most (four sheets)."""
LONGEST_NAME = 120
LINE = ("name", "outcode", "adults", "kids")
"""The fields of one line, as they are named."""


class PaperForm(HouseForm):
    """What is the same for every session; the rows come from `paper_form`."""

    codes = StringField(
        _l("Codes of the rows with a tick"),
        [AtMost(1000)],
        description=_l("If typing is faster for you: the codes from the sheet, with spaces between them: CDM CDT."),
    )
    rest = RadioField(
        _l("What does a row without a tick mean?"),
        choices=[
            SelectChoice("gone", _l("They did not come")),
            SelectChoice("unknown", _l("We do not know: ask again when the register is closed")),
        ],
        validate_choice=False,
    )
    override = StringField(
        _l("If you answer for it: why was it safe to let them in?"),
        [AtMost(LONGEST_NAME)],
        description=_l("We keep this with your name and the time."),
    )
    tap = HiddenField()

    def __init__(self, register: Register, lines: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.register, self.lines = register, range(1, lines + 1)
        self._places = {person.place_id for entry in register.booked for person in entry.people}

    def validate_rest(self, field: Any) -> None:
        """Ask, rather than guess, what a row without a tick means."""
        if self.register.unknown and field.data not in ("gone", "unknown"):
            raise ValidationError(_("Say what a row without a tick means."))

    def validate_codes(self, field: Any) -> None:
        """Refuse a code that is no row of this register, by name."""
        wrong = [code for code in _words(field.data) if place_of_row(code) not in self._places]
        if wrong:
            raise ValidationError(
                _("These are no codes of this register: %(codes)s. Look at the sheet again.", codes=", ".join(wrong))
            )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Say of which rows the tick would be lost: their bookings have no place any more."""
        is_good = super().validate(*args, **kwargs)
        gone = [number for name in request.form if (number := _row_of(name)) and number not in self._places]
        if gone:
            codes = ", ".join(row_code(number) for number in gone)
            self.refuse(None, _("No longer on the register: %(codes)s. If they came, add them below.", codes=codes))
        return is_good and not gone

    def sheet(self) -> PaperSheet:
        """Return what was typed in."""
        typed = {place_of_row(code) for code in _words(self.codes.data)}
        ticked = typed | {place_id for place_id in self._places if self._is_ticked(place_id)}
        here = [entry for entry in self.register.booked if any(each.place_id in ticked for each in entry.people)]
        return PaperSheet(
            event_id=self.register.event.id,
            ticked={place_id for place_id in ticked if place_id is not None},
            not_ticked=self._places - ticked if self.rest.data == "gone" else (),
            children={entry.booking_id: number for entry in here if (number := self._children(entry)) is not None},
            walk_ins=[walk_in for line in self.lines if (walk_in := self._walk_in(line)) is not None],
        )

    def _is_ticked(self, place_id: int) -> bool:
        name = f"row-{place_id}"
        return name in self and bool(self[name].data)

    def _children(self, entry: Entry) -> int | None:
        name = f"children-{entry.booking_id}"
        return self[name].data if name in self else None

    def _walk_in(self, line: int) -> WalkIn | None:
        name, outcode, adults, children = (self[f"{part}-{line}"].data for part in LINE)
        if not name and not outcode and adults is None and children is None:
            return None
        known, district = lives_in(outcode or "", self.register.event)
        return WalkIn(
            event_id=self.register.event.id,
            adults=1 if adults is None else adults,
            names=(name,) if name else (),
            children=children or 0,
            outcode=known,
            district=district,
            tap=f"{self.tap.data or ''}{line}"[:26],
            override=self.override.data or "",
        )


def paper_form(register: Register, lines: int, *, tap: str) -> PaperForm:
    """Return the form for a register: a box a row that nobody has recorded, children a booking, and so many lines."""
    fields: dict[str, Any] = {}
    for entry in register.booked:
        for person in entry.people:
            fields[f"row-{person.place_id}"] = BooleanField(person.name)
        fields[f"children-{entry.booking_id}"] = NumberField(
            _l("Children"), least=0, most=MOST_CHILDREN, default=entry.children
        )
    for line in range(1, lines + 1):
        fields |= _line(line)
    return type("ThisPaperForm", (PaperForm,), fields)(register, lines, data={"tap": tap})


def lines_wanted(text: str) -> int:
    """Read how many lines the page has; a number that cannot be becomes the first."""
    return min(int(text), MOST_LINES) if re.fullmatch(r"[0-9]{1,3}", text) and int(text) >= LINES else LINES


def _line(line: int) -> dict[str, Any]:
    outcode = check(normal_outcode, _l("Write it like TN23."))
    return {
        f"name-{line}": StringField(_l("First name"), [AtMost(LONGEST_NAME)]),
        f"outcode-{line}": StringField(_l("First part of the postcode"), [AtMost(8), outcode]),
        f"adults-{line}": NumberField(_l("Adults"), least=1, most=MOST_ADULTS),
        f"kids-{line}": NumberField(_l("Children"), least=0, most=MOST_CHILDREN),
    }


def _row_of(name: str) -> int | None:
    found = re.fullmatch(r"row-([0-9]{1,12})", name)
    return int(found[1]) if found else None


def _words(text: str | None) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text or "") if word]
