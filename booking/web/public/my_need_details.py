"""A few words on each thing that would help, and who it is for, from the family's own page."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField

from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Booking
from booking.queries.remembered import remembered_for
from booking.rules.access_needs import IN_OWN_WORDS
from booking.rules.words import ConsentSubject, ForWhom, PersonKind
from booking.services.ask_needs import Need, asked_for
from booking.services.change_booking import change_needs
from booking.web.public.asked_needs import who_it_may_be_for
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import my_consent
from booking.web.public.matches import said_at
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses
from booking.web.public.need_details import details_form, details_typed
from booking.web.shared.settings import locality


@public.route("/bookings/<token>/needs/details", methods=["GET", "POST"])
@limit_guesses
def change_my_need_details(token: str) -> ResponseReturnValue:
    """Show a box for each need that was asked for; keep the words of each, and who it is for."""
    booking = booking_of(token)
    asked = asked_for(booking)
    if not asked:
        return redirect(url_for("public.change_my_needs", token=token), 303)
    kinds = [locality().get_need(code) for code in asked]
    consent = BooleanField(my_consent(locality()))
    before = {need.code: {"words": need.detail or "", "for": need.for_whom} for need in asked.values()}
    form = details_form(kinds, _people(booking), before, consent_needs=consent)
    status = 200
    if form.validate_on_submit():
        typed = details_typed(form, kinds)
        try:
            with transaction():
                change_needs(
                    booking.id,
                    needs=[_with(need, typed.get(need.code, {})) for need in asked.values()],
                    consents=(ConsentSubject.NEEDS,) if form.consent_needs.data else (),
                    remember=bool(remembered_for(booking)),
                )
            return back_to_booking(token, said=_("Saved. We use this to get things ready for you."))
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
    page = render_template(
        "public/my_need_details.html",
        form=form,
        token=token,
        kinds=kinds,
        said={need.code: need for need in said_at(booking.event, kinds)},
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors and status == 200 else status


def _people(booking: Booking) -> tuple[ForWhom, ...]:
    supporters = sum(place.kind == PersonKind.SUPPORTER for place in booking.places)
    return who_it_may_be_for(
        {
            "adults": len(booking.places) - supporters,
            "supporters": supporters,
            "children": booking.children,
        }
    )


def _with(need: Need, typed: dict[str, str]) -> Need:
    """Put what was typed on a need; words of its own were not asked for here."""
    words = need.detail if need.code == IN_OWN_WORDS else typed.get("words")
    return Need(need.code, words or None, ForWhom(typed["for"]) if typed.get("for") else None)
