"""Was what they asked for there? The family says so on its own page, after the session."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.extensions import transaction
from booking.queries.need_outcomes import needs_to_judge
from booking.rules.need_states import OUTCOMES
from booking.rules.words import NeedState
from booking.services.say_was_there import say_was_there
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality

_PREFIX = "need-"


@public.route("/bookings/<token>/was-it-there", methods=["GET", "POST"])
@limit_guesses
def my_was_there(token: str) -> ResponseReturnValue:
    """Ask about each thing, with what was said before; any of them can be left out."""
    booking = booking_of(token)
    asked = needs_to_judge(booking)
    if not asked:
        return back_to_booking(token)
    form, said = HouseForm(), _said({need.id for need in asked})
    if form.validate_on_submit():
        if said:
            with transaction():
                say_was_there(booking.id, said)
            return back_to_booking(token, said=_("Thank you. We have kept what you said."))
        form.refuse(None, _("Please say it of one thing at least."))
    page = render_template(
        "public/my_was_there.html",
        token=token,
        form=form,
        needs=[(need, _(locality().get_need(need.code).label)) for need in asked],
        said={need.id: said.get(need.id, need.family_outcome) for need in asked},
        outcomes=OUTCOMES,
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200


def _said(asked: set[int]) -> dict[int, NeedState]:
    """Read the answers to what is asked; other fields are left alone."""
    found = {number: request.form.get(f"{_PREFIX}{number}", "") for number in asked}
    return {number: NeedState(value) for number, value in found.items() if value in OUTCOMES}
