"""Choose another time in a session with timed slots, from the family's own page."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import ValidationError

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import words_for
from booking.queries.free_times import free_times
from booking.rules.words import BookingStatus
from booking.services.change_time import change_time
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses, refuse_if_settled
from booking.web.shared.forms import HouseForm


class TimeForm(HouseForm):
    """Another time."""

    slot = RadioField(_l("Which time would you like?"), coerce=str, validate_choice=False)

    def validate_slot(self, field: Any) -> None:
        if field.data not in {value for value, _label in field.choices}:
            raise ValidationError(_("Choose a time."))


@public.route("/bookings/<token>/time", methods=["GET", "POST"])
@limit_guesses
def change_my_time(token: str) -> ResponseReturnValue:
    """Show the times that are free; move the booking to the one that is chosen."""
    booking = booking_of(token)
    refuse_if_settled(booking)
    if booking.slot is None or booking.status != BookingStatus.CONFIRMED:
        return redirect(url_for("public.my_booking", token=token), 303)
    form, status = TimeForm(), 200
    by_role = free_times(booking)
    form.slot.choices = [(str(slot.id), "") for slot in booking.event.slots]  # one that has just gone has its own words
    if form.validate_on_submit():
        try:
            with transaction():
                change_time(booking.id, int(form.slot.data))
            return back_to_booking(token, said=_("Saved. This is your new time."))
        except Refusal as refusal:
            form.refuse("slot", refusal.sentence)
            status = refusal.status
            booking = booking_of(token)
            by_role = free_times(booking)
    times = [
        (
            role,
            [{"value": str(each.slot_id), "text": words_for.time_span(each.starts_at, each.ends_at)} for each in free],
        )
        for role, free in by_role.items()
    ]
    page = render_template(
        "public/my_time.html", form=form, token=token, booking=booking, times=times, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors and status == 200 else status
