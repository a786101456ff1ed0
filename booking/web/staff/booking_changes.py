"""Change a booking for a family on the telephone, or give it a place at another session instead."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.words_for import when, where_for_booked
from booking.models import Booking, Event
from booking.queries.booking_page import get_booking, sessions_to_move_to
from booking.queries.remembered import remembered_for
from booking.rules.permissions import Action
from booking.rules.words import PARTICIPANTS, BookingMode, BookingStatus
from booking.services.ask_needs import asked_for, reworded, shown_words
from booking.services.change_booking import change_adults, change_needs
from booking.services.change_contact import change_contact
from booking.services.change_time import change_time
from booking.services.move_booking import move_booking as move
from booking.services.record_audit import actor, record_audit
from booking.web.shared.access import is_among, may_now, sessions_within
from booking.web.shared.forms import HouseForm, Needed
from booking.web.staff.blueprint import staff
from booking.web.staff.booking_page import about, look_at
from booking.web.staff.phone_forms import ChangeForm, time_choices


class MoveForm(HouseForm):
    """Where they come instead."""

    event = RadioField(_l("Which session instead?"), [Needed(_l("Choose a session."))])
    slot_id = SelectField(_l("Which time?"), [Optional()], validate_choice=False)
    keeps_needs = BooleanField(_l("They agree"))


@staff.route("/bookings/<int:booking_id>/change", methods=["GET", "POST"])
def change_booking(booking_id: int) -> ResponseReturnValue:
    """Show the booking as it is in the form of the talk; keep what is different, all or nothing."""
    look_at(booking_id, screen="staff.change_booking")
    row = get_booking(booking_id)
    form = _change_form(row)
    if form.validate_on_submit():
        try:
            with transaction():
                changed = _change(row, form)
                if changed:
                    record_audit(
                        "changed by phone",
                        screen="staff.change_booking",
                        subject_type="booking",
                        subject_id=booking_id,
                        facts={"changed": changed},
                    )
        except Refusal as refusal:
            form.refuse(refusal.field or "adults", refusal.sentence)
        else:
            flash(_("Saved.") if changed else _("Nothing was different, so nothing is changed."))
            return redirect(url_for("staff.booking", booking_id=booking_id), 303)
    page = render_template(
        "staff/change_booking.html", form=form, has_errors=bool(form.errors), **about(get_booking(booking_id))
    )
    return page, 422 if form.errors else 200


@staff.route("/bookings/<int:booking_id>/move", methods=["GET", "POST"])
def move_booking(booking_id: int) -> ResponseReturnValue:
    """Offer the sessions to come, then book there and cancel here."""
    look_at(booking_id, screen="staff.move_booking")
    row = get_booking(booking_id)
    events = _may_choose(row)
    form = _move_form(events)
    chosen = next((event for event in events if str(event.id) == form.event.data), None)
    asks_time = chosen is not None and chosen.booking_mode == BookingMode.SLOTS
    if asks_time and chosen is not None:
        form.slot_id.choices = time_choices(chosen)
    is_good = form.validate_on_submit()
    is_offered = asks_time and form.slot_id.data in {choice.value for choice in form.slot_id.choices}
    if is_good and asks_time and not is_offered:
        form.refuse("slot_id", _("Choose a time."))
    elif is_good and chosen is not None:
        try:
            with transaction():
                moved = move(
                    booking_id,
                    chosen.id,
                    slot_id=int(form.slot_id.data) if is_offered else None,
                    keeps_needs=bool(form.keeps_needs.data),
                    actor=actor(),
                )
                record_audit(
                    "moved by phone",
                    screen="staff.move_booking",
                    subject_type="booking",
                    subject_id=booking_id,
                    facts={"to": moved.id},
                )
                new_id = moved.id
        except Refusal as refusal:
            form.refuse("slot_id" if asks_time else "event", refusal.sentence)
        else:
            flash(_("They have a place there now, and the old place goes to the next family."))
            return redirect(url_for("staff.booking", booking_id=new_id), 303)
    row = get_booking(booking_id)
    page = render_template(
        "staff/move_booking.html",
        form=form,
        asks_time=asks_time,
        asked=bool(asked_for(row)),
        has_errors=bool(form.errors),
        **about(row),
    )
    return page, 422 if form.errors else 200


def _change_form(row: Booking) -> ChangeForm:
    asked = asked_for(row)
    form = ChangeForm(
        data={
            "adults": _coming(row),
            "contact_by": row.contact_by.value,
            "email": row.email or "",
            "phone": row.phone or "",
            "may_text": row.may_text,
            "wants_morning_text": row.wants_morning_text,
            "slot_id": str(row.slot_id or ""),
            "needs": list(asked),
            "need_detail": shown_words(asked),
        }
    )
    form.offer(row.event)
    form.names.label.text = _("Names of the ones who come in addition (optional)")
    if row.slot is not None and row.status == BookingStatus.CONFIRMED:
        form.slot_id.choices = time_choices(row.event)
    else:
        del form.slot_id
    if not may_now(Action.SEE_NEEDS, row.event_id):
        del form.needs, form.need_detail, form.consent_needs
    return form


def _change(row: Booking, form: ChangeForm) -> list[str]:
    """Change what is different, and return what that is; numbers and codes alone are taken from the row itself."""
    changed, asked = [], asked_for(row)
    number, booking_id = form.adults.data or 1, row.id
    wants_contact = _is_other_contact(row, form)
    wants_adults = number != _coming(row)
    wants_time = "slot_id" in form and form.slot_id.data != str(row.slot_id)
    remembers = bool(remembered_for(row))
    if wants_contact:
        change_contact(booking_id, form.contact, actor=actor())
        changed.append("contact")
    if wants_adults:
        change_adults(booking_id, adults=number, names=form.given_names, actor=actor())
        changed.append("adults")
    if wants_time:
        change_time(booking_id, int(form.slot_id.data), actor=actor())
        changed.append("time")
    if "needs" in form:
        shown = shown_words(asked)
        needs = reworded(asked, form.chosen, words=form.need_detail.data or None, shown=shown)
        if {need.code: need for need in needs} != asked:
            change_needs(
                booking_id, needs=needs, consents=form.consents, remember=remembers, actor=actor(), channel="phone"
            )
            changed.append("needs")
    return changed


def _is_other_contact(row: Booking, form: ChangeForm) -> bool:
    contact = form.contact
    now = (row.contact_by, row.email, row.phone, row.wants_morning_text)
    is_other = (contact.contact_by, contact.email, contact.phone, contact.wants_morning_text) != now
    return is_other or (contact.may_text is not None and contact.may_text != row.may_text)


def _coming(row: Booking) -> int:
    return sum(place.kind in PARTICIPANTS for place in row.places)


def _may_choose(row: Booking) -> list[Event]:
    mine = sessions_within(Action.SEE_BOOKINGS)
    return [event for event in sessions_to_move_to(row) if is_among(event.id, mine)]


def _move_form(events: list[Event]) -> MoveForm:
    form = MoveForm()
    form.event.choices = [
        SelectChoice(str(event.id), f"{event.title}, {when(event.starts_at, event.ends_at)}, {_room(event)}")
        for event in events
    ]
    return form


def _room(event: Event) -> Any:
    """Say where a session is and whether it has room, as far as anybody can know before it is asked."""
    place = where_for_booked(event)
    if event.booking_mode == BookingMode.SLOTS or event.capacity is None:
        return place
    left = max(event.capacity - event.places_taken, 0)
    return f"{place}, " + (_("%(number)d places left", number=left) if left else _("full"))
