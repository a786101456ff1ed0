"""Complain about how data is used. Nobody has to say who they are; only how to answer."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from booking.extensions import current_lang, limiter, transaction
from booking.rules.complaints import DAYS
from booking.rules.contact import normal_email, normal_phone
from booking.services.take_complaint import ComplaintGiven, take_complaint
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import TrapForm
from booking.web.public.draft_pages import slow_down
from booking.web.shared.forms import AtMost, Needed
from booking.web.shared.languages import this_address
from booking.web.shared.settings import settings

LONGEST = 5000


class ComplaintForm(TrapForm):
    """What went wrong, and how to answer."""

    text = TextAreaField(
        _l("What went wrong?"),
        description=_l("Say it in your own words. You do not need to say anything about your child."),
        validators=[Needed(_l("Tell us what went wrong.")), AtMost(LONGEST)],
    )
    email = StringField(
        _l("Your email address (optional)"),
        description=_l("We write to you at once that we have your complaint."),
        validators=[AtMost(254)],
    )
    phone = StringField(
        _l("Your phone number (optional)"),
        description=_l("If you have no email, or would like us to ring."),
        validators=[AtMost(40)],
    )
    name = StringField(_l("Your name (optional)"), validators=[AtMost(120)])
    about_booking = StringField(
        _l("The reference of your booking (optional)"),
        description=_l("Only if it is about a booking, and you want us to look at it."),
        validators=[AtMost(40)],
    )

    def validate_email(self, field: Any) -> None:
        """Refuse what is no address, and nothing at all where there is no number either."""
        if not field.data:
            if not self.phone.data:
                raise ValidationError(_("Give an email address or a phone number, so that we can answer you."))
            return
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_("Enter an email address like name@example.com.")) from error
        if normal_email(field.data) == normal_email(parseaddr(settings().mail_sender)[1]):
            raise ValidationError(_("This is our own address. Enter yours."))

    def validate_phone(self, field: Any) -> None:
        """Refuse what cannot be a number."""
        if field.data and normal_phone(field.data) is None:
            raise ValidationError(_("Enter a phone number like 01632 960 001 or 07700 900 982."))

    @property
    def given(self) -> ComplaintGiven:
        """The complaint."""
        return ComplaintGiven(
            text=self.text.data or "",
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            about_booking=self.about_booking.data or "",
        )


@public.route("/privacy/complaint", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"], on_breach=slow_down)
def complaint() -> ResponseReturnValue:
    """Ask what went wrong."""
    form = ComplaintForm()
    if form.validate_on_submit():
        with transaction():
            take_complaint(form.given, lang=current_lang())
        return redirect(url_for("public.complaint_sent"), 303)
    page = render_template(
        "public/complaint.html", form=form, action=this_address(), days=DAYS, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors else 200


@public.get("/privacy/complaint/sent")
def complaint_sent() -> ResponseReturnValue:
    """Say that it is here, and what happens now."""
    return render_template("public/complaint_sent.html", days=DAYS)
