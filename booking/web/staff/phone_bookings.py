"""Book for a family on the telephone: one screen, in the order of the talk."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock, texts
from booking.errors import Refusal, SessionFull
from booking.extensions import transaction
from booking.formats.words_for import clock_time, wording
from booking.models import Event
from booking.queries.staff_sessions import get_session
from booking.rules.access_needs import needs_for
from booking.rules.contact import normal_email, normal_outcode, normal_phone
from booking.rules.words import BookingMode, BookingStatus, ConsentSubject, ContactBy, Origin
from booking.services.book_places import BookingRequest, Need, Person, book_places
from booking.services.record_audit import actor, record_audit
from booking.web.shared.forms import AtMost, HouseForm, Needed, check
from booking.web.shared.number_field import NumberField
from booking.web.shared.settings import locality, postcodes, settings
from booking.web.staff.blueprint import staff


class PhoneForm(HouseForm):
    """All that is asked on the telephone."""

    slot_id = SelectField(_l("Which time?"), validate_choice=True)
    adults = NumberField(
        _l("How many parents and carers come?"), least=1, most=6, default=1, missing=_l("Write how many.")
    )
    names = TextAreaField(_l("Names of the adults (optional)"), [AtMost(400)], description=_l("One a line."))
    children = NumberField(_l("How many children come along?"), least=0, most=10, default=0)
    contact_by = RadioField(_l("How shall we get in touch?"), [Needed(_l("Choose how."))])
    email = StringField(_l("Email (optional)"), [AtMost(254)])
    phone = StringField(
        _l("Telephone (optional)"), [AtMost(30), check(normal_phone, _l("This is not a telephone number."))]
    )
    may_text = BooleanField(_l("They agree that we text this number about the session"))
    wants_morning_text = BooleanField(_l("They want a text on the morning of the session, too"))
    outcode = StringField(
        _l("First part of the postcode (optional)"),
        [AtMost(8), check(normal_outcode, _l("Write it like TN23."))],
    )
    needs = SelectMultipleField(_l("What would make it easier to come? (optional)"))
    need_detail = TextAreaField(_l("Anything we should know about that (optional)"), [AtMost(300)])
    consent_needs = BooleanField(_l("They agree that we use this to get ready for their visit"))
    question = TextAreaField(_l("A question for the session (optional)"), [AtMost(1000)])
    accept_waiting_list = BooleanField(_l("If it is full: put them on the waiting list"))

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


@staff.route("/sessions/<int:event_id>/book", methods=["GET", "POST"])
def book_by_phone(event_id: int) -> ResponseReturnValue:
    """Book places for a family that rings."""
    event = get_session(event_id)
    form = _form(event)
    if form.validate_on_submit():
        try:
            with transaction():
                booking = book_places(_request(form, event_id))
                record_audit(
                    "booked by phone", screen="staff.book_by_phone", subject_type="booking", subject_id=booking.id
                )
                said = (booking.reference, booking.status)
        except SessionFull as full:
            form.refuse("accept_waiting_list", full.sentence)
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_said(*said))
            return redirect(url_for("staff.session", event_id=event_id), 303)
    status = 422 if form.errors else 200
    page = render_template("staff/book.html", event=get_session(event_id), form=form, has_errors=status == 422)
    return page, status


def _said(reference: str, status: BookingStatus) -> str:
    if status == BookingStatus.WAITING:
        return _("They are on the waiting list. The reference is %(reference)s.", reference=reference)
    return _("Booked. The reference is %(reference)s.", reference=reference)


def _form(event: Event) -> PhoneForm:
    form = PhoneForm()
    form.contact_by.choices = [SelectChoice(each.value, wording(each)) for each in ContactBy]
    form.needs.choices = [
        SelectChoice(need.code, _(need.label)) for need in needs_for(locality().needs, event.delivery)
    ]
    if not texts.are_on():
        del form.may_text
        del form.wants_morning_text
    if event.booking_mode == BookingMode.SLOTS:
        form.slot_id.choices = [
            SelectChoice(str(slot.id), f"{clock_time(slot.starts_at)}, {slot.role}")
            for slot in event.slots
            if _may_be_had(slot)
        ]
    else:
        del form.slot_id
    return form


def _may_be_had(slot: Any) -> bool:
    return bool(slot.starts_at > clock.now())


def _request(form: PhoneForm, event_id: int) -> BookingRequest:
    names = [line.strip()[:80] for line in (form.names.data or "").splitlines() if line.strip()]
    number = form.adults.data or 1
    outcode = normal_outcode(form.outcode.data or "") or ""
    codes = form.needs.data or []
    return BookingRequest(
        event_id=event_id,
        slot_id=int(form.slot_id.data) if "slot_id" in form else None,
        adults=tuple(Person(names[each] if each < len(names) else None) for each in range(number)),
        children=form.children.data or 0,
        contact_by=ContactBy(form.contact_by.data),
        email=form.email.data or None,
        phone=form.phone.data or None,
        may_text=bool("may_text" in form and (form.may_text.data or form.wants_morning_text.data)),
        wants_morning_text=bool("may_text" in form and form.wants_morning_text.data),
        outcode=outcode,
        district=next(iter(postcodes().districts_of(outcode)), "unknown") if outcode else "unknown",
        question=form.question.data or None,
        needs=tuple(Need(code, (form.need_detail.data or None) if code == codes[0] else None) for code in codes),
        consents=(ConsentSubject.NEEDS,) if form.consent_needs.data else (),
        origin=Origin.PHONE,
        accept_waiting_list=form.accept_waiting_list.data,
        actor=actor(),
    )
