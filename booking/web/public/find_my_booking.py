"""Send the link to a family's own page again; the answer is the same whether or not we know the contact."""

from __future__ import annotations

import time
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from booking import texts
from booking.extensions import limiter, transaction
from booking.rules.contact import normal_phone
from booking.rules.texts import mobile_number
from booking.services.send_link import send_links, text_links
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import TrapForm
from booking.web.public.draft_pages import slow_down
from booking.web.shared.forms import AtMost, Needed
from booking.web.shared.languages import this_address

TAKES = 0.3
"""Seconds that an answer takes, whether or not the address is known."""


class FindForm(TrapForm):
    """The address or the number a booking was made with."""

    contact = StringField(
        _l("Your email address or phone number"),
        description=_l("The one you gave when you booked."),
        validators=[Needed(_l("Enter the email address or the phone number you booked with.")), AtMost(254)],
    )

    def validate_contact(self, field: Any) -> None:
        if not self.is_email and normal_phone(field.data) is None:
            raise ValidationError(_("Enter an email address like name@example.com, or a phone number."))

    @property
    def is_email(self) -> bool:
        try:
            validate_email(self.contact.data or "", check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return False
        return True


@public.route("/find-my-booking", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"], on_breach=slow_down)
def find_my_booking() -> ResponseReturnValue:
    """Ask for the address or the number; send the link there, and only there."""
    form = FindForm()
    if not form.validate_on_submit():
        page = render_template(
            "public/find_my_booking.html", form=form, action=this_address(), has_errors=bool(form.errors)
        )
        return page, 422 if form.errors else 200
    contact = form.contact.data or ""
    began = time.monotonic()
    if form.is_email:
        said = "public.find_my_booking_sent"
        with transaction():
            send_links(contact)
    elif mobile_number(contact) and texts.are_on():
        said = "public.find_my_booking_texted"
        with transaction():
            text_links(contact)
    else:
        said = "public.find_my_booking_by_phone"
    # Writing messages takes longer than finding nothing: nobody may learn from the clock who has booked.
    time.sleep(max(0.0, TAKES - (time.monotonic() - began)))
    return redirect(url_for(said), 303)


@public.get("/find-my-booking/sent")
def find_my_booking_sent() -> ResponseReturnValue:
    """Say: check your e-mail. The same for everyone."""
    return render_template("public/find_my_booking_sent.html")


@public.get("/find-my-booking/texted")
def find_my_booking_texted() -> ResponseReturnValue:
    """Say: check your phone. The same for everyone."""
    return render_template("public/find_my_booking_texted.html")


@public.get("/find-my-booking/ring-us")
def find_my_booking_by_phone() -> ResponseReturnValue:
    """Say: ring us. The same for everyone; a link never goes to whoever types a number."""
    return render_template("public/find_my_booking_by_phone.html")
