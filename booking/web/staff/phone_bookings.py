"""Book for a family on the telephone: one screen, in the order of the talk."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal, SessionFull
from booking.extensions import transaction
from booking.formats.words_for import spoken_reference
from booking.queries.staff_sessions import get_session
from booking.rules.consent import SPOKEN_VERSION
from booking.rules.contact import normal_outcode
from booking.rules.words import BookingStatus, Origin
from booking.services.ask_needs import reworded
from booking.services.book_places import BookingRequest, Person, book_places
from booking.services.record_audit import actor, record_audit
from booking.web.shared.settings import postcodes
from booking.web.staff.blueprint import staff
from booking.web.staff.phone_forms import PhoneForm, phone_form


@staff.route("/sessions/<int:event_id>/book", methods=["GET", "POST"])
def book_by_phone(event_id: int) -> ResponseReturnValue:
    """Book places for a family that rings."""
    form = phone_form(get_session(event_id))
    if form.validate_on_submit():
        try:
            with transaction():
                booking = book_places(_request(form, event_id))
                record_audit(
                    "booked by phone",
                    screen="staff.book_by_phone",
                    subject_type="booking",
                    subject_id=booking.id,
                    facts={"read_out": SPOKEN_VERSION},
                )
                booking_id, said = booking.id, _said(booking.reference, booking.status)
        except SessionFull as full:
            form.refuse("accept_waiting_list", full.sentence)
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(said)
            return redirect(url_for("staff.booking", booking_id=booking_id), 303)
    status = 422 if form.errors else 200
    page = render_template("staff/book.html", event=get_session(event_id), form=form, has_errors=status == 422)
    return page, status


def _said(reference: str, status: BookingStatus) -> str:
    spoken = spoken_reference(reference)
    if status == BookingStatus.WAITING:
        return _("They are on the waiting list. The reference is %(reference)s.", reference=spoken)
    return _("Booked. The reference is %(reference)s.", reference=spoken)


def _request(form: PhoneForm, event_id: int) -> BookingRequest:
    names, contact = form.given_names, form.contact
    number = form.adults.data or 1
    outcode = normal_outcode(form.outcode.data or "") or ""
    words = form.need_detail.data or None
    return BookingRequest(
        event_id=event_id,
        slot_id=int(form.slot_id.data) if "slot_id" in form else None,
        adults=tuple(Person(names[each] if each < len(names) else None) for each in range(number)),
        children=form.children.data or 0,
        contact_by=contact.contact_by,
        email=contact.email,
        phone=contact.phone,
        may_text=bool(contact.may_text),
        wants_morning_text=contact.wants_morning_text,
        outcode=outcode,
        district=postcodes().main_district(outcode),
        question=form.question.data or None,
        needs=tuple(reworded({}, form.chosen, words=words, shown=words or "")),
        consents=form.consents,
        origin=Origin.PHONE,
        accept_waiting_list=form.accept_waiting_list.data,
        actor=actor(),
    )
