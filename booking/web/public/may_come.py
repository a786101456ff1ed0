""" "Let us know you may come" to an open drop-in: two numbers, nothing about anybody (J4)."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import limiter, transaction
from booking.models import Event
from booking.queries.bookings import find_session
from booking.rules.words import BookingMode, EventStatus
from booking.services.note_may_come import note_may_come
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import MOST_ADULTS, MOST_CHILDREN, NumberField, TrapForm
from booking.web.public.draft_pages import slow_down
from booking.web.shared.languages import this_address


class MayComeForm(TrapForm):
    """How many may come."""

    adults = NumberField(
        _l("How many adults?"),
        default=1,
        least=1,
        most=MOST_ADULTS,
        sentence=_l("Tell us how many adults may come: a number from 1 to 6."),
    )
    children = NumberField(
        _l("How many children?"),
        default=0,
        least=0,
        most=MOST_CHILDREN,
        sentence=_l("Tell us how many children you may bring: a number from 0 to 10."),
    )


@public.route("/sessions/<slug>/may-come", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"], on_breach=slow_down)
def may_come(slug: str) -> ResponseReturnValue:
    """Ask how many may come, and say that this is no booking."""
    event = _session(slug)
    form = MayComeForm()
    if form.validate_on_submit():
        assert form.adults.data is not None
        assert form.children.data is not None
        try:
            with transaction():
                note_may_come(event.id, adults=form.adults.data, children=form.children.data)
        except Refusal as refusal:
            form.refuse(None, refusal.sentence)
            return _show(_session(slug), form, status=refusal.status)
        return redirect(url_for("public.may_come_thanks", slug=slug), 303)
    return _show(event, form)


@public.get("/sessions/<slug>/may-come/thank-you")
def may_come_thanks(slug: str) -> ResponseReturnValue:
    """Say thank you."""
    return render_template("public/may_come_thanks.html", event=_session(slug))


def _session(slug: str) -> Event:
    """Return an open drop-in that parents may know of; there is no such page for what is booked."""
    event = find_session(slug)
    if event is None or event.booking_mode != BookingMode.OPEN:
        raise NotFound(_("We cannot find that session. The link may be old or cut short."))
    return event


def _show(event: Event, form: MayComeForm, *, status: int = 0) -> ResponseReturnValue:
    is_on = event.status == EventStatus.PUBLISHED and not event.new_date_pending and event.ends_at > clock.now()
    page = render_template(
        "public/may_come.html",
        event=event,
        form=form,
        is_on=is_on,
        action=this_address(),
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)
