"""One booking on one page for whoever takes the call: see it, write a note, print the letter, cancel."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.on_paper import how_told, on_paper
from booking.formats.words_for import wording
from booking.models import Booking
from booking.queries.booking_page import (
    alike,
    calls_of,
    get_booking,
    history_of,
    joins_of,
    messages_about,
    notes_of,
    others_of_family,
)
from booking.queries.bookings import waiting_position
from booking.queries.staff_bookings import names_of
from booking.rules.permissions import Action
from booking.rules.words import HOLDS_PLACES, BookingStatus, CancelledBy, FamilyCancelReason
from booking.services.cancel_booking import cancel_booking as cancel
from booking.services.record_audit import actor, record_audit, record_view
from booking.services.write_note import write_note
from booking.web.shared.access import may_now, may_open, sessions_within
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff


class NoteForm(HouseForm):
    """One note."""

    text = TextAreaField(
        _l("A note for whoever takes the next call"),
        [Needed(_l("Write the note.")), AtMost(500)],
        description=_l("Only what they need to know. The family may ask to read it."),
    )


class GiveBackForm(HouseForm):
    """Why they cannot come."""

    reason = RadioField(_l("Why? (optional)"), [Optional()])


@staff.get("/bookings/<int:booking_id>")
def booking(booking_id: int) -> ResponseReturnValue:
    """Show one booking."""
    return _show(booking_id, NoteForm())


@staff.post("/bookings/<int:booking_id>/notes")
def write_booking_note(booking_id: int) -> ResponseReturnValue:
    """Keep a note."""
    form = NoteForm()
    if not form.validate():
        return _show(booking_id, form)
    get_booking(booking_id)
    with transaction():
        write_note(booking_id, form.text.data or "")
    flash(_("The note is saved."))
    return redirect(url_for("staff.booking", booking_id=booking_id), 303)


@staff.route("/bookings/<int:booking_id>/cancel", methods=["GET", "POST"])
def cancel_booking(booking_id: int) -> ResponseReturnValue:
    """Ask once more, then give the place to the next family."""
    look_at(booking_id, screen="staff.cancel_booking")
    form = GiveBackForm()
    form.reason.choices = [SelectChoice(each.value, wording(each)) for each in FamilyCancelReason]
    if form.validate_on_submit():
        reason = FamilyCancelReason(form.reason.data) if form.reason.data else None
        try:
            with transaction():
                cancel(booking_id, by=CancelledBy.FAMILY, reason=reason, actor=actor())
                record_audit(
                    "cancelled by phone", screen="staff.cancel_booking", subject_type="booking", subject_id=booking_id
                )
        except Refusal as refusal:
            form.refuse(None, refusal.sentence)
        else:
            flash(_("The booking is cancelled. The place goes to the next family."))
            return redirect(url_for("staff.booking", booking_id=booking_id), 303)
    page = render_template(
        "staff/cancel_booking.html", form=form, has_errors=bool(form.errors), **about(get_booking(booking_id))
    )
    return page, 422 if form.errors else 200


@staff.get("/bookings/<int:booking_id>/letter")
def booking_letter(booking_id: int) -> ResponseReturnValue:
    """Show the letter in large print: what the family's own printed page says, to be posted."""
    look_at(booking_id, screen="staff.booking_letter")
    row = get_booking(booking_id)
    return render_template(
        "staff/booking_letter.html",
        event=row.event,
        times=row,
        has_place=row.status in HOLDS_PLACES,
        how_told=how_told(row),
        needs=[(need, _(locality().get_need(need.code).label)) for need in row.needs],
        **about(row),
        **on_paper(row),
    )


def look_at(booking_id: int, *, screen: str) -> None:
    """Write down that somebody looks at a booking, before anything of it is shown. Raise NotFound."""
    get_booking(booking_id)
    with transaction():
        record_view(screen=screen, subject_type="booking", subject_id=booking_id)


def about(row: Booking) -> dict[str, Any]:
    """Return what the head of each page about a booking shows."""
    return {
        "booking": row,
        "who": names_of(row),
        "is_settled": row.status == BookingStatus.CANCELLED or row.event.starts_at <= clock.now(),
    }


def _show(booking_id: int, form: NoteForm) -> ResponseReturnValue:
    look_at(booking_id, screen="staff.booking")
    row = get_booking(booking_id)
    sees_needs = may_now(Action.SEE_NEEDS, row.event_id)
    may_compare = row.family_id is not None and may_open("staff.join_families")
    page = render_template(
        "staff/booking.html",
        form=form,
        now=clock.now(),
        history=history_of(row),
        others=others_of_family(row, among=sessions_within(Action.SEE_BOOKINGS)),
        position=waiting_position(row),
        notes=notes_of(booking_id),
        calls=calls_of(booking_id),
        messages=messages_about(booking_id),
        needs=[(need, locality().get_need(need.code)) for need in row.needs] if sees_needs else [],
        sees_needs=sees_needs,
        may_compare=may_compare,
        joins=joins_of(row.family_id) if may_compare else [],
        alike=alike(row.family_id or 0) if may_compare else [],
        has_errors=bool(form.errors),
        **about(row),
    )
    return page, 422 if form.errors else 200
