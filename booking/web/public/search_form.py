"""The search for a session: what can be asked for, in the address of the page so that it can be shared."""

from __future__ import annotations

from collections.abc import Container, Hashable
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.i18n import DummyTranslations
from wtforms.validators import ValidationError

from booking import clock
from booking.extensions import current_lang
from booking.formats.words_for import month_name, wording
from booking.locality import get_locality
from booking.locality.kinds import District, Locality
from booking.rules.calendar_periods import SchoolTime
from booking.rules.months import month_code, month_of, months_from
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind
from booking.web.shared.forms import AtMost, HouseForm

FACTS_TO_ASK_FOR = (
    "step_free_route",
    "accessible_toilet",
    "changing_places",
    "blue_badge_bays",
    "public_transport",
    "quiet_room",
    "hearing_loop",
    "baby_change",
)
"""The facts about a place that the search offers; the session's page tells all of them."""

MONTHS_AHEAD = 13
"""How many months the search offers, this one included."""
MONTH_VIEW = "month"
FIT = "1"
"""Only what fits what this browser's family said would help: the address never says what that is."""
NAMES = ("view", "place", "district", "kind", "topic", "when", "month", "time", "online", "with", "fit")


class SearchForm(HouseForm):
    """A GET form: nothing is changed by it, so it carries no CSRF token and sets no cookie."""

    class Meta(HouseForm.Meta):
        csrf = False

        def get_translations(self, _form: Any) -> DummyTranslations:
            """Leave WTForms' own sentences alone: this form says none, and reading their file takes a while."""
            return DummyTranslations()

    view = HiddenField()
    fit = HiddenField()
    place = StringField(
        _l("Town or postcode"),
        description=_l("For example Ashford, or CT9. We only use the first part of a postcode."),
        validators=[AtMost(60)],
    )
    district = SelectField(_l("District"), validate_choice=False)
    kind = SelectField(_l("Kind of session"), validate_choice=False)
    topic = SelectField(_l("Topic"), validate_choice=False)
    when = SelectField(_l("Term or holidays"), validate_choice=False)
    month = SelectField(_l("Month"), validate_choice=False)
    time = SelectField(_l("Time of day"), validate_choice=False)
    online = BooleanField(_l("Only sessions I can join online"))
    with_ = SelectMultipleField(_l("Only places with"), name="with", id="with", validate_choice=False)

    @property
    def says(self) -> tuple[Hashable, ...]:
        """Give all that the form shows, so that a part of a page can be kept by it."""
        shown = ((name, tuple(value) if isinstance(value, list) else value) for name, value in self.data.items())
        wrong = ((name, tuple(map(str, sentences))) for name, sentences in self.errors.items())
        return (*shown, *wrong)

    @property
    def further_choices(self) -> int:
        """Count what is chosen among the further choices; they stay folded, so that a phone shows what was found."""
        one_each = [self.kind, self.topic, self.when, self.month, self.time, self.online]
        return sum(bool(field.data) for field in one_each) + len(self.with_.data or ())

    @property
    def has_further_errors(self) -> bool:
        """Tell whether anything is wrong among the further choices."""
        return bool({"kind", "topic", "when", "month", "time", "online", "with_"} & set(self.errors))

    def validate_district(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a district from the list."))

    def validate_kind(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a kind of session from the list."))

    def validate_topic(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a topic from the list."))

    def validate_when(self, field: Any) -> None:
        _must_be_offered(field, _("Choose term time or the school holidays from the list."))

    def validate_month(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a month from the list."))

    def validate_time(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a time of day from the list."))

    def validate_with_(self, field: Any) -> None:
        offered = {code for code, _label in field.choices}
        unknown = [code for code in field.data or () if code not in offered]
        if unknown:
            field.data = [code for code in field.data if code in offered]
            raise ValidationError(_("We took out a choice that is not in the list of things a place can have."))


def read_search(arguments: Any, locality: Locality) -> SearchForm:
    """Make the form from the page's address, with the choices this area offers. Call `validate()` before use."""
    form = SearchForm(formdata=arguments)
    choices = _choices(current_lang(), locality.code, locality.inside_districts, month_of(clock.today()))
    for name, offered in choices.items():
        form[name].choices = offered
    form.fit.data = FIT if form.fit.data == FIT else ""
    form.view.data = MONTH_VIEW if form.view.data == MONTH_VIEW else ""
    for field in (form.district, form.kind, form.topic, form.when, form.month, form.time):
        field.data = field.data if isinstance(field.data, str) and field.data != "None" else ""
    return form


def is_search(arguments: Container[str]) -> bool:
    """Return whether the page's address asks for less than all sessions."""
    return any(name in arguments for name in NAMES)


def months_offered() -> tuple[date, ...]:
    """Give the months that can be looked at: this one and a year on."""
    return months_from(month_of(clock.today()), MONTHS_AHEAD)


@lru_cache(maxsize=64)
def _choices(_lang: str, area: str, districts: tuple[District, ...], _month: date) -> dict[str, list[tuple[str, str]]]:
    """Say what can be chosen, in one language and one month: to say it takes longer than to search."""
    here = get_locality(area)
    return {
        "district": [
            ("", _("All of %(area)s", area=here.name)),
            *((district.code, district.name) for district in districts),
        ],
        "kind": [("", _("All kinds")), *((kind.value, wording(kind)) for kind in EventKind)],
        "topic": [("", _("All topics")), *((topic.code, _(topic.label)) for topic in here.topics)],
        "when": [("", _("Any time of year")), *((each.value, wording(each)) for each in SchoolTime)],
        "month": [("", _("All months")), *((month_code(each), month_name(each)) for each in months_offered())],
        "time": [("", _("Any time")), *((band.value, band_choice(band)) for band in TimeBand)],
        "with_": [(code, _(here.get_fact(code).label)) for code in FACTS_TO_ASK_FOR],
    }


def _must_be_offered(field: Any, sentence: str) -> None:
    if field.data and field.data not in {code for code, _label in field.choices}:
        field.data = ""
        raise ValidationError(sentence)


def band_choice(band: TimeBand) -> str:
    """Say a time of day as a choice."""
    if band == TimeBand.SCHOOL_RUN_SAFE:
        return _("Between the school runs (9:30am to 2:30pm)")
    return wording(band)
