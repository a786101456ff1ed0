"""Change what would make it easier to come, from the family's own page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal
from booking.extensions import transaction
from booking.models import Booking
from booking.queries.remembered import remembered_for
from booking.rules.access_needs import needs_for
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need, asked_for, reworded, shown_words
from booking.services.change_booking import change_needs
from booking.web.public.blueprint import public
from booking.web.public.book_about import first_needs, grouped
from booking.web.public.booking_forms import NeedsForm
from booking.web.public.matches import hints_at
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses
from booking.web.shared.settings import locality


@public.route("/bookings/<token>/needs", methods=["GET", "POST"])
@limit_guesses
def change_my_needs(token: str) -> ResponseReturnValue:
    """Show what was asked for with everything else there is; keep what is ticked."""
    booking = booking_of(token)
    asked = asked_for(booking)
    first = first_needs(booking.event, asked)
    rest = [need for need in needs_for(locality().needs, booking.event.delivery) if need not in first]
    detail = shown_words(asked)
    form = NeedsForm.of(
        [*first, *rest],
        locality(),
        data={"any_needs": "yes" if asked else None, "needs": list(asked), "need_detail": detail}
        | {"remember_needs": bool(remembered_for(booking))},
    )
    status = 200
    if form.validate_on_submit():
        try:
            with transaction():
                _change(booking, form, asked, shown=detail)
            if request.form.get("action") == "details" and form.chosen:
                return redirect(url_for("public.change_my_need_details", token=token), 303)
            return back_to_booking(token, said=_("Saved. We use this to get things ready for you."))
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
    page = render_template(
        "public/my_booking_needs.html",
        form=form,
        token=token,
        event=booking.event,
        first=[need.code for need in first],
        hints=hints_at(booking.event, first),
        groups=grouped(rest, form.ticked, hints=hints_at(booking.event, rest)),
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors and status == 200 else status


def _change(booking: Booking, form: NeedsForm, asked: dict[str, Need], *, shown: str) -> None:
    change_needs(
        booking.id,
        needs=reworded(asked, form.chosen, words=form.need_detail.data or None, shown=shown),
        consents=(ConsentSubject.NEEDS,) if form.consent_needs.data else (),
        remember=bool(form.remember_needs.data),
    )
