"""The forms about a venue: where it is, and what is known of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.formats.words_for import wording
from booking.locality.kinds import Locality, Point, VenueFactKind
from booking.locality.postcodes import PostcodeTable
from booking.models import Venue
from booking.rules.words import FactAnswer
from booking.services.save_venue import VenueDetails
from booking.services.save_venue_facts import FactGiven
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.number_field import NumberField

MOST_STEPS = 12
LONGEST_STEP = 200


class VenueForm(HouseForm):
    """Where a venue is and how many it holds."""

    name = StringField(_l("Name"), [Needed(_l("Write the name of the venue.")), AtMost(120)])
    address = TextAreaField(
        _l("Address"), [AtMost(500)], description=_l("As you would write it on a letter, with the postcode.")
    )
    town = StringField(_l("Town or village"), [Needed(_l("Write the town or village.")), AtMost(80)])
    postcode = StringField(
        _l("Postcode"),
        [Needed(_l("Write the postcode, or its first part.")), AtMost(12)],
        description=_l("It puts the venue on the map and tells families how far it is."),
    )
    district = SelectField(_l("District"), validate_choice=True)
    directions = TextAreaField(
        _l("How to get there (optional)"),
        [AtMost(2000)],
        description=_l("Which door, where to park, which bus. Short sentences."),
    )
    arrival_steps = TextAreaField(
        _l("Arriving, step by step (optional)"),
        [AtMost(2000)],
        description=_l("From the street to a chair in the room, one short sentence a line."),
    )
    leaving = TextAreaField(
        _l("How to leave (optional)"),
        [AtMost(600)],
        description=_l("The way out, and a door for whoever needs to go quickly. Short sentences."),
    )
    last_bus = StringField(
        _l("Last bus (optional)"),
        [AtMost(120)],
        description=_l("After a daytime session. When, and where it goes. For example: 4:40pm to Ashford"),
    )
    capacity = NumberField(_l("How many people we book here at most (optional)"))
    fire_limit = NumberField(
        _l("Fire limit (optional)"), description=_l("The most people who may be in the building. The door stops there.")
    )
    is_confidential = BooleanField(
        _l("Tell only families who have booked where this is"),
        description=_l("The public pages then show the town alone."),
    )

    tell = RadioField(
        _l("Who is told?"),
        choices=[
            SelectChoice("families", _l("Tell them: it is another place, or another name")),
            SelectChoice("nobody", _l("This only corrects a typing mistake: tell nobody")),
        ],
        validate_choice=False,
    )

    point: Point | None = None
    outcode: str = ""

    def validate_arrival_steps(self, field: Any) -> None:
        """Refuse what nobody would read on the way."""
        steps = _lines(field.data)
        if len(steps) > MOST_STEPS:
            raise ValidationError(_("Please use 12 lines or fewer. You have used %(used)d.", used=len(steps)))
        for step in steps:
            if len(step) > LONGEST_STEP:
                raise ValidationError(_("Make this line shorter, 200 characters at most: %(line)s", line=step[:60]))

    def check_place(self, table: PostcodeTable) -> bool:
        """Find the place of the postcode; say so beside the field when there is none."""
        text = self.postcode.data or ""
        self.point, self.outcode = table.find_place(text), table.find_outcode(text) or ""
        if self.point is None or not self.outcode or self.point.found_by == "town":
            self.postcode.errors = [*self.postcode.errors, str(_l("We do not know this postcode. Please check it."))]
            return False
        if not self.district.data:
            self.district.data = (table.districts_of(self.outcode) or ("outside",))[0]
        return True

    def knows_whom_to_tell(self) -> bool:
        """Tell whether staff have said who hears of another place; say so beside the question if not."""
        if self.tell.data in ("families", "nobody"):
            return True
        self.tell.errors = [*self.tell.errors, str(_l("Say whether the families are told."))]
        return False

    def details(self) -> VenueDetails:
        """Return what was typed, once `check_place` has found the place."""
        assert self.point is not None
        text = "".join((self.postcode.data or "").upper().split())
        is_whole = self.point.found_by == "postcode" or len(text) > len(self.outcode)
        return VenueDetails(
            name=self.name.data,
            address=self.address.data or "",
            town=self.town.data,
            postcode=f"{self.outcode} {text[-3:]}" if is_whole else "",
            outcode=self.outcode,
            district=self.district.data,
            directions=self.directions.data or "",
            arrival_steps=_lines(self.arrival_steps.data),
            leaving=self.leaving.data or "",
            last_bus=self.last_bus.data or "",
            capacity=self.capacity.data,
            fire_limit=self.fire_limit.data,
            is_confidential=self.is_confidential.data,
            point=self.point,
        )


def venue_form(locality: Locality, venue: Venue | None = None, **kwargs: Any) -> VenueForm:
    """Return the form, filled from a venue when there is one; `formdata=None` leaves out what was sent."""
    form = VenueForm(obj=venue, **kwargs)
    if venue is not None and (not form.is_submitted() or "formdata" in kwargs):
        form.arrival_steps.data = "\n".join(venue.arrival_steps)
        form.postcode.data = venue.postcode or venue.outcode
    # A district that has ended leads on, be it of a venue, or of a page that was open over night.
    form.district.data = locality.code_of(form.district.data or "") or form.district.data
    form.district.choices = [SelectChoice("", str(_l("Find it by the postcode")))] + [
        SelectChoice(district.code, district.name) for district in locality.districts if district.code != "unknown"
    ]
    return form


@cache
def facts_form_class(kinds: tuple[VenueFactKind, ...]) -> type[HouseForm]:
    """Return the form with three fields for each kind of fact."""
    fields: dict[str, Any] = {}
    for kind in kinds:
        fields[f"answer-{kind.code}"] = RadioField(
            kind.label,
            choices=[SelectChoice(answer.value) for answer in FactAnswer],
            default=FactAnswer.NOT_CHECKED.value,
        )
        fields[f"note-{kind.code}"] = StringField(
            _l("Note about “%(fact)s” (optional)", fact=kind.label), [AtMost(500)]
        )
        fields[f"again-{kind.code}"] = BooleanField(_l("Checked again today: %(fact)s", fact=kind.label))
    return type("FactsForm", (HouseForm,), fields)


def facts_form(locality: Locality, venue: Venue) -> HouseForm:
    """Return the form, filled with what is known."""
    values: dict[str, Any] = {}
    for fact in venue.facts:
        values |= {f"answer-{fact.code}": fact.answer.value, f"note-{fact.code}": fact.note}
    form = facts_form_class(locality.facts)(data=values)
    words = [SelectChoice(answer.value, wording(answer)) for answer in FactAnswer]
    for kind in locality.facts:
        form[f"answer-{kind.code}"].choices = words
    return form


def facts_given(form: HouseForm, locality: Locality) -> list[FactGiven]:
    """Return what was answered."""
    return [
        FactGiven(
            code=kind.code,
            answer=FactAnswer(form[f"answer-{kind.code}"].data),
            note=form[f"note-{kind.code}"].data or "",
            checked_again=bool(form[f"again-{kind.code}"].data),
        )
        for kind in locality.facts
    ]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
