"""The forms for somebody who books for a family that asked them to (J12)."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.formats import words_for
from booking.rules.words import ContactBy, HelperKind
from booking.web.public.booking_forms import MOST_ADULTS, NAME, ContactForm
from booking.web.shared.forms import AtMost, HouseForm, Needed

LINK = re.compile(r"://|www\.", re.IGNORECASE)
"""A helper's name stands in the mail to an address the helper typed: it must not lead anywhere."""


class HelperForm(HouseForm):
    """Who the helper is, and that the family agreed."""

    helper_name = StringField(
        _l("Your own name"),
        description=_l("We tell the family who booked for them. They can take your name away."),
        validators=[Needed(_l("Tell us your own name.")), AtMost(NAME)],
    )
    helper_kind = RadioField(_l("Who are you?"), validate_choice=False)
    helper_permission = BooleanField(_l("The family asked me to book this and agreed that I give these details"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.helper_kind.choices = [(kind.value, words_for.wording(kind)) for kind in HelperKind]

    def validate_helper_name(self, field: StringField) -> None:
        if field.data and LINK.search(field.data):
            raise ValidationError(_("Write a name, not a web address."))

    def validate_helper_kind(self, field: RadioField) -> None:
        if field.data not in {kind.value for kind in HelperKind}:
            raise ValidationError(_("Choose who you are."))

    def validate_helper_permission(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Ask the family first. Tick the box when they have agreed."))


class FamilyContactForm(ContactForm):
    """How to reach the family, asked of who books for it."""

    no_email = _l("Enter the family's email address, or choose another way to reach them.")
    no_phone = _l("Enter the family's phone number, or choose email.")

    full_name = StringField(
        _l("The name of the parent or carer"),
        description=_l("So that we can say hello."),
        validators=[Needed(_l("Tell us the parent's or carer's name, or what they like to be called.")), AtMost(NAME)],
    )
    other_names = TextAreaField(
        _l("Names of the other adults (optional)"),
        description=_l("One on each line. Not your own, unless you come too."),
        validators=[AtMost(NAME * MOST_ADULTS)],
    )
    contact_by = RadioField(
        _l("How shall we contact the family about this booking?"),
        choices=[
            SelectChoice(ContactBy.EMAIL.value, _l("By email")),
            SelectChoice(ContactBy.PHONE.value, _l("By phone or text")),
            SelectChoice(ContactBy.RING_ME.value, _l("Please ring them, they would rather talk")),
        ],
        validate_choice=False,
    )
    email = StringField(
        _l("The family's email address"),
        description=_l("Not yours. We send their invitation here, and the link to change or cancel."),
        validators=[AtMost(254)],
    )
    phone = StringField(
        _l("The family's phone number"),
        description=_l("Not yours. Write it any way you like. We only ring or text about this session."),
        validators=[AtMost(40)],
    )
    may_text = BooleanField(
        _l("The family said that we may text them on this number"),
        description=_l("Only about this session: that they have a place, the day before, and if something changes."),
    )
    wants_morning_text = BooleanField(_l("They want a text on the morning of the session, too"))
    outcode = StringField(
        _l("First part of the family's postcode (optional)"),
        description=_l("For example TN23. It helps us plan sessions fairly across the county."),
        validators=[AtMost(20)],
    )
