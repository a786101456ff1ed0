"""What is asked on the telephone: by the form that books and by the one that changes a booking."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock, texts
from booking.formats.words_for import clock_time, wording
from booking.models import Event
from booking.rules.access_needs import IN_OWN_WORDS, needs_for
from booking.rules.contact import normal_email, normal_outcode, normal_phone
from booking.rules.words import BookingMode, ConsentSubject, ContactBy
from booking.services.change_contact import Contact
from booking.web.shared.forms import AtMost, HouseForm, Needed, check
from booking.web.shared.number_field import NumberField
from booking.web.shared.settings import locality, settings


class PeopleForm(HouseForm):
    """Who comes, how to reach them, and what would make it easier to come."""

    adults = NumberField(
        _l("How many parents and carers come?"), least=1, most=6, default=1, missing=_l("Write how many.")
    )
    names = TextAreaField(_l("Names of the adults (optional)"), [AtMost(400)], description=_l("One a line."))
    contact_by = RadioField(_l("How shall we get in touch?"), [Needed(_l("Choose how."))])
    email = StringField(_l("Email (optional)"), [AtMost(254)])
    phone = StringField(
        _l("Telephone (optional)"), [AtMost(30), check(normal_phone, _l("This is not a telephone number."))]
    )
    may_text = BooleanField(_l("They agree that we text this number about the session"))
    wants_morning_text = BooleanField(_l("They want a text on the morning of the session, too"))
    needs = SelectMultipleField(_l("What would make it easier to come? (optional)"))
    need_detail = TextAreaField(_l("Anything we should know about that (optional)"), [AtMost(300)])
    consent_needs = BooleanField(_l("They agree that we use this to get ready for their visit"))

    def validate_email(self, field: Any) -> None:
        """Refuse what cannot be an address; ask for one when they want mail."""
        if self.contact_by.data == ContactBy.EMAIL and not field.data:
            raise ValidationError(_("Write the email address."))
        if not field.data:
            return
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_("This is not an email address.")) from error
        if normal_email(field.data) == normal_email(settings().mail_sender):
            raise ValidationError(_("This is our own address. Write theirs."))

    def validate_phone(self, field: Any) -> None:
        """Ask for a number when they want to be rung."""
        if self.contact_by.data in (ContactBy.PHONE, ContactBy.RING_ME) and not field.data:
            raise ValidationError(_("Write the telephone number."))

    @property
    def given_names(self) -> list[str]:
        """The names that were typed, one a line."""
        return [line.strip()[:80] for line in (self.names.data or "").splitlines() if line.strip()]

    @property
    def contact(self) -> Contact:
        """How to reach them."""
        texted = bool("may_text" in self and (self.may_text.data or self.wants_morning_text.data))
        return Contact(
            contact_by=ContactBy(self.contact_by.data),
            email=self.email.data or None,
            phone=self.phone.data or None,
            may_text=texted if "may_text" in self else None,
            wants_morning_text=bool(texted and self.wants_morning_text.data),
        )

    @property
    def chosen(self) -> list[str]:
        """What is ticked; words alone are a request as well."""
        return self.needs.data or ([IN_OWN_WORDS] if self.need_detail.data else [])

    @property
    def consents(self) -> tuple[ConsentSubject, ...]:
        """What they agreed to when it was read out."""
        return (ConsentSubject.NEEDS,) if self.consent_needs.data else ()

    def offer(self, event: Event) -> None:
        """Offer what this session has."""
        self.contact_by.choices = [SelectChoice(each.value, wording(each)) for each in ContactBy]
        self.needs.choices = [
            SelectChoice(need.code, _(need.label)) for need in needs_for(locality().needs, event.delivery)
        ]
        if not texts.are_on():
            del self.may_text
            del self.wants_morning_text


class PhoneForm(PeopleForm):
    """All that is asked to book."""

    slot_id = SelectField(_l("Which time?"), validate_choice=True)
    script_read = BooleanField(
        _l("I read this out"), [Needed(_l("Read out the sentences in the box, then tick that you did."))]
    )
    children = NumberField(_l("How many children come along?"), least=0, most=10, default=0)
    outcode = StringField(
        _l("First part of the postcode (optional)"),
        [AtMost(8), check(normal_outcode, _l("Write it like TN23."))],
    )
    question = TextAreaField(_l("A question for the session (optional)"), [AtMost(1000)])
    accept_waiting_list = BooleanField(_l("If it is full: put them on the waiting list"))


class ChangeForm(PeopleForm):
    """All that may be different about a booking."""

    slot_id = SelectField(_l("Which time?"), validate_choice=True)


def phone_form(event: Event) -> PhoneForm:
    """Return the form that books at a session."""
    form = PhoneForm()
    form.offer(event)
    if event.booking_mode == BookingMode.SLOTS:
        form.slot_id.choices = time_choices(event)
    else:
        del form.slot_id
    return form


def time_choices(event: Event) -> list[SelectChoice]:
    """Offer the times of a session that are still to come; whether one is free is decided when it is booked."""
    return [
        SelectChoice(str(slot.id), f"{clock_time(slot.starts_at)}, {slot.role}")
        for slot in event.slots
        if slot.starts_at > clock.now()
    ]
