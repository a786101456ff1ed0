"""Change how to reach a family, from its own page: the link is made anew, so the page moves to a new address."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.tokens import booking_token
from booking.models import Booking
from booking.queries.chain import others_of
from booking.rules.words import ContactBy
from booking.services.change_contact import Contact, change_contact
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import ContactForm
from booking.web.public.my_booking import booking_of, limit_guesses, refuse_if_settled


class NewContactForm(ContactForm):
    """How to reach the family from now on."""

    full_name = other_names = outcode = None
    with_others = BooleanField(_l("Change it for my other bookings, too"))


@public.route("/bookings/<token>/contact", methods=["GET", "POST"])
@limit_guesses
def change_my_contact(token: str) -> ResponseReturnValue:
    """Show how we reach the family; keep what it says instead."""
    booking = booking_of(token)
    refuse_if_settled(booking)
    form = NewContactForm(data=_as_it_is(booking))
    others = others_of(booking)
    if not others:
        del form.with_others
    status = 200
    if form.validate_on_submit():
        try:
            return _change(booking, form)
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
    page = render_template(
        "public/my_contact.html", form=form, token=token, others=len(others), has_errors=bool(form.errors)
    )
    return page, 422 if form.errors and status == 200 else status


def _change(booking: Booking, form: NewContactForm) -> ResponseReturnValue:
    contact = Contact(
        contact_by=ContactBy(form.contact_by.data),
        email=form.email.data or None,
        phone=form.phone.data or None,
        may_text=form.texts_wanted["may_text"] if "may_text" in form else None,
        wants_morning_text=form.texts_wanted["wants_morning_text"],
    )
    old = booking_token(booking)
    with transaction():
        with_others = "with_others" in form and bool(form.with_others.data)
        token = booking_token(change_contact(booking.id, contact, with_others=with_others))
    flash(_("Saved."))
    if token != old:
        flash(_("This page has a new link now. The old one does not work any more."))
    return redirect(url_for("public.my_booking", token=token), 303)


def _as_it_is(booking: Booking) -> dict[str, Any]:
    return {
        "contact_by": booking.contact_by.value,
        "email": booking.email or "",
        "phone": booking.phone or "",
        "may_text": booking.may_text,
        "wants_morning_text": booking.wants_morning_text,
    }
