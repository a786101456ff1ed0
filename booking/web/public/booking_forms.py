"""The forms of the booking pages; their field names are part of the interface (`design.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import texts
from booking.formats.words_for import wording
from booking.locality.kinds import Locality, Need, ProfileQuestion
from booking.rules.access_needs import IN_OWN_WORDS
from booking.rules.consent import ASKS_TO_TALK, tells_something
from booking.rules.contact import normal_email, normal_outcode, normal_phone
from booking.rules.words import BookingFor, ContactBy
from booking.web.public.course_forms import CourseFields
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.settings import postcodes, settings

MOST_ADULTS = 6
MOST_CHILDREN = 10
MOST_SUPPORTERS = 3
MOST_INTERPRETERS = 2
NAME = 120
DETAIL = 300
QUESTION = 1000
PROFILE = ("age_phase", "support", "need_area")


class NumberField(IntegerField):
    """A whole number from `least` to `most`; one sentence says what is wrong, whatever was typed."""

    def __init__(self, *args: Any, least: int, most: int, sentence: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most, self.sentence = least, most, sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip()
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            raise ValueError(str(self.sentence))
        self.data = int(text)

    def pre_validate(self, _form: Any) -> None:
        if self.data is None or not self.least <= self.data <= self.most:
            self.errors: list[str] = []
            raise ValidationError(str(self.sentence))


class TrapForm(HouseForm):
    """A form with a box that people do not see and programs fill in (J25)."""

    website = StringField(_l("Leave this empty"))

    def validate_website(self, field: Any) -> None:
        if field.data:
            raise ValidationError(_("Please leave the box called “Leave this empty” empty."))


class WhoForm(CourseFields, TrapForm):
    """Who books, how many come and, where times are booked, when."""

    booking_for = RadioField(
        _l("Who are you booking for?"),
        default=BookingFor.SELF.value,
        validate_choice=False,
    )

    adults = NumberField(
        _l("How many adults?"),
        description=_l("You, and anyone who comes with you to take part. Young people aged 16 to 25 count too."),
        default=1,
        least=1,
        most=MOST_ADULTS,
        sentence=_l("Tell us how many adults are coming: a number from 1 to 6."),
    )
    children = NumberField(
        _l("How many children?"),
        description=_l("Children you bring with you. They do not need a place. Put 0 if none."),
        default=0,
        least=0,
        most=MOST_CHILDREN,
        sentence=_l("Tell us how many children you bring: a number from 0 to 10."),
    )
    supporters = NumberField(
        _l("How many people come to support you?"),
        description=_l("A friend or a personal assistant, for example. No place needed; we add a chair."),
        default=0,
        least=0,
        most=MOST_SUPPORTERS,
        sentence=_l("Tell us how many people come to support you: a number from 0 to 3."),
    )
    interpreters = NumberField(
        _l("How many interpreters do you bring?"),
        description=_l(
            "No place needed; we add a chair. If you would like us to book an interpreter, tell us on a later page."
        ),
        default=0,
        least=0,
        most=MOST_INTERPRETERS,
        sentence=_l("Tell us how many interpreters you bring: a number from 0 to 2."),
    )
    lang = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.booking_for.choices = [(each.value, wording(each)) for each in BookingFor]

    def validate_booking_for(self, field: Any) -> None:
        if field.data not in {each.value for each in BookingFor}:
            raise ValidationError(_("Choose who you are booking for."))

    @property
    def has_company(self) -> bool:
        """Whether the questions about supporters and interpreters are to be shown open."""
        return any(field.errors or field.data != 0 for field in (self.supporters, self.interpreters))


class WhoAndWhenForm(WhoForm):
    """For sessions with times."""

    slot = RadioField(_l("Which time would you like?"), coerce=str, validate_choice=False)
    longer = BooleanField(
        _l("I need longer: two times in a row"),
        description=_l("Choose when the first one begins."),
    )

    def validate_slot(self, field: Any) -> None:
        if field.data not in {value for value, _label in field.choices}:
            raise ValidationError(_("Choose a time."))


class ContactForm(HouseForm):
    """How to reach the family; only what the chosen way needs is required."""

    no_email = _l("Enter your email address, or choose another way to hear from us.")
    no_phone = _l("Enter a phone number, or choose email.")

    full_name = StringField(
        _l("Your name"),
        description=_l("So that we can say hello."),
        validators=[Needed(_l("Tell us your name, or what you would like us to call you.")), AtMost(NAME)],
    )
    other_names = TextAreaField(
        _l("Names of the other adults (optional)"),
        description=_l("One on each line."),
        validators=[AtMost(NAME * MOST_ADULTS)],
    )
    contact_by = RadioField(
        _l("How shall we contact you about this booking?"),
        choices=[
            SelectChoice(ContactBy.EMAIL.value, _l("By email")),
            SelectChoice(ContactBy.PHONE.value, _l("By phone or text")),
            SelectChoice(ContactBy.RING_ME.value, _l("Please ring me, I would rather talk")),
        ],
        validate_choice=False,
    )
    email = StringField(
        _l("Email address"),
        description=_l("We send your calendar invitation here, and the link to change or cancel."),
        validators=[AtMost(254)],
    )
    phone = StringField(
        _l("Phone number"),
        description=_l("Write it any way you like. We only ring or text you about this session."),
        validators=[AtMost(40)],
    )
    may_text = BooleanField(
        _l("You may text me on this number"),
        description=_l("Only about this session: that you have a place, the day before, and if something changes."),
    )
    wants_morning_text = BooleanField(_l("Text me on the morning of the session, too"))
    outcode = StringField(
        _l("First part of your postcode (optional)"),
        description=_l("For example TN23. It helps us plan sessions fairly across the county."),
        validators=[AtMost(20)],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if not texts.are_on():
            del self.may_text
            del self.wants_morning_text

    @property
    def texts_wanted(self) -> dict[str, bool]:
        """Return which texts may come. Who wants one on the morning may be texted, whatever else is ticked."""
        if "may_text" not in self:
            return {"may_text": False, "wants_morning_text": False}
        morning = bool(self.wants_morning_text.data)
        return {"may_text": bool(self.may_text.data) or morning, "wants_morning_text": morning}

    def validate_contact_by(self, field: Any) -> None:
        if field.data not in {way.value for way in ContactBy}:
            field.data = _way_from(self.email.data, self.phone.data)
        if field.data is None:
            raise ValidationError(_("Choose how we contact you."))

    def validate_email(self, field: Any) -> None:
        if not field.data:
            if self.contact_by.data == ContactBy.EMAIL:
                raise ValidationError(str(self.no_email))
            return
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_("Enter an email address like name@example.com.")) from error
        if normal_email(field.data) == normal_email(settings().mail_sender):
            raise ValidationError(_("This is our own address. Enter yours."))

    def validate_phone(self, field: Any) -> None:
        if not field.data:
            if self.contact_by.data in (ContactBy.PHONE, ContactBy.RING_ME):
                raise ValidationError(str(self.no_phone))
        elif normal_phone(field.data) is None:
            raise ValidationError(_("Enter a phone number like 01632 960 001 or 07700 900 982."))

    def validate_outcode(self, field: Any) -> None:
        if not field.data:
            return
        outcode = postcodes().find_outcode(field.data) or normal_outcode(field.data)
        if outcode is None:
            raise ValidationError(_("Enter the first part of your postcode, like TN23, or leave this empty."))
        field.data = outcode


class DistrictForm(HouseForm):
    """Asked only where an outcode lies in more than one district."""

    district = RadioField(_l("Which council area do you live in?"), validate_choice=False)

    @classmethod
    def of(cls, codes: Iterable[str], area: Locality, **values: Any) -> DistrictForm:
        """Return the form with these districts and "Not sure"."""
        form = cls(**values)
        form.district.choices = [
            *((code, _(area.get_district(code).name)) for code in codes),
            ("unknown", _("Not sure")),
        ]
        return form

    def validate_district(self, field: Any) -> None:
        if field.data and field.data not in {value for value, _label in field.choices}:
            raise ValidationError(_("Choose one of the areas, or “Not sure”."))


class ChildForm(HouseForm):
    """The three optional questions about one child or young person."""

    age_phase = SelectMultipleField(validate_choice=False)
    support = SelectMultipleField(validate_choice=False)
    need_area = SelectMultipleField(validate_choice=False)
    consent_profile = BooleanField()

    @classmethod
    def of(cls, area: Locality, **values: Any) -> ChildForm:
        """Return the form with the questions as this area asks them."""
        form = cls(**values)
        for name in PROFILE:
            _ask(form[name], area.get_question(name))
        form.consent_profile.label.text = _(
            "I agree that %(name)s can use these answers to plan fair sessions. I can change my mind at any time.",
            name=area.brand.name,
        )
        return form

    @property
    def child(self) -> dict[str, list[str]]:
        """The answers about this child that are on the list."""
        return {name: chosen for name in PROFILE if (chosen := _listed(self[name]))}

    def validate_consent_profile(self, field: Any) -> None:
        if self.child and not field.data:
            raise ValidationError(_("Tick the box to let us use these answers, or take the ticks away."))


class NeedsForm(HouseForm):
    """What would make it easier to come."""

    any_needs = RadioField(
        _l("Would anything make it easier?"),
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("talk", _l("I would rather talk about it. Please contact me")),
        ],
        validate_choice=False,
    )
    needs = SelectMultipleField(_l("What would help?"), validate_choice=False)
    need_detail = TextAreaField(
        _l("Anything we should know about this? (optional)"),
        description=_l("For example which language, or how many wheelchairs. You do not need to name a condition."),
        validators=[AtMost(DETAIL)],
    )
    consent_needs = BooleanField()
    remember_needs = BooleanField(
        _l("Keep this, so that I do not have to tell you again"),
        description=_l("We check with you once a year that it is still right."),
    )

    @classmethod
    def of(cls, kinds: Iterable[Need], area: Locality, *, helped: bool = False, **values: Any) -> NeedsForm:
        """Return the form with these needs to choose from."""
        form = cls(**values)
        form.needs.choices = [(kind.code, _(kind.label)) for kind in kinds]
        if form.is_submitted() and not form.any_needs.raw_data:
            form.any_needs.data = None  # a question left out of what was sent is not answered by what was said before
        if helped:  # only the family itself has something kept for the next time
            del form.remember_needs
        form.consent_needs.label.text = _consent_of_the_family(area) if helped else my_consent(area)
        return form

    @property
    def ticked(self) -> list[str]:
        """The needs with a tick, whatever was said above them."""
        return _listed(self.needs)

    @property
    def chosen(self) -> list[str]:
        """The needs asked for: none after "no"; words without a tick are "something else"."""
        if self.any_needs.data == "no":
            return []
        listed = self.ticked
        if self.any_needs.data == "talk" and ASKS_TO_TALK not in listed:
            listed.append(ASKS_TO_TALK)
        return listed or ([IN_OWN_WORDS] if self.need_detail.data else [])

    def validate_need_detail(self, field: Any) -> None:
        if IN_OWN_WORDS in self.chosen and not field.data:
            raise ValidationError(_("You ticked “Something else”. Tell us what would help, or take the tick away."))

    def validate_needs(self, field: Any) -> None:
        if self.any_needs.data == "yes" and not self.chosen:
            raise ValidationError(_("Tick what would help, or choose “No”."))

    def validate_consent_needs(self, field: Any) -> None:
        if tells_something((code, self.need_detail.data) for code in self.chosen) and not field.data:
            raise ValidationError(_("Tick the box to let us use this to get ready, or ring us instead."))


class QuestionForm(HouseForm):
    """A question for the panel, read out without a name."""

    question = TextAreaField(
        _l("Your question (optional)"),
        description=_l("We read it out without your name. Please leave out children's names."),
        validators=[AtMost(QUESTION)],
    )


class EmptyForm(HouseForm):
    """A form with nothing but its button."""


def my_consent(area: Locality) -> str:
    """Return what a family agrees to when it tells what would help."""
    return _(
        "I agree that %(name)s can use these details to get ready for my visit. I can change my mind at any time.",
        name=area.brand.name,
    )


def _consent_of_the_family(area: Locality) -> str:
    return _("The family agrees that %(name)s can use these details to get ready for them.", name=area.brand.name)


def _way_from(email: str | None, phone: str | None) -> str | None:
    if email:
        return ContactBy.EMAIL.value
    return ContactBy.PHONE.value if phone else None


def _ask(field: Any, question: ProfileQuestion) -> None:
    field.label.text = _(question.label)
    field.choices = [(option.code, _(option.label)) for option in question.offered]


def _listed(field: Any) -> list[str]:
    chosen = set(field.data or ())
    return [value for value, _label in field.choices if value in chosen]
