"""Two quick questions before the family comes: it need not answer."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Booking
from booking.queries.feedback import asks_before_now, feedback_of
from booking.rules.feedback import BEFORE, NothingSaid
from booking.services.keep_feedback import keep_before
from booking.web.public.blueprint import public
from booking.web.public.feedback_forms import BeforeForm
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses


@public.route("/bookings/<token>/before", methods=["GET", "POST"])
@limit_guesses
def my_before(token: str) -> ResponseReturnValue:
    """Ask them, or let the family change what it said."""
    booking = booking_of(token)
    if not asks_before_now(booking):
        return back_to_booking(token)
    form, status = BeforeForm.of(feedback_of(booking)), 0
    if form.validate_on_submit():
        try:
            with transaction():
                keep_before(booking.id, form.given)
        except NothingSaid as refusal:
            form.refuse(next(iter(BEFORE)), refusal.sentence)
            status = refusal.status
            booking = booking_of(token)
        except Refusal as refusal:
            return back_to_booking(token, said=refusal.sentence)
        else:
            return back_to_booking(token, said=_("Thank you. We have your answers to the two questions."))
    return _show(booking, token, form, status=status)


def _show(booking: Booking, token: str, form: BeforeForm, *, status: int) -> ResponseReturnValue:
    page = render_template(
        "public/my_before.html",
        token=token,
        event=booking.event,
        form=form,
        questions=[form[name] for name in BEFORE],
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)
