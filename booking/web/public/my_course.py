"""The dates of a course on the family's own page: they were booked in one deed, so one link opens them all (J8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.extensions import transaction
from booking.formats import words_for
from booking.formats.tokens import booking_token
from booking.models import Booking
from booking.queries.courses import booked_together, number_in_course, series_of
from booking.rules.words import LIVE, BookingStatus
from booking.services.cancel_course import cancel_course
from booking.web.public.blueprint import public
from booking.web.public.my_booking import back_to_booking, booking_of, limit_guesses
from booking.web.public.my_booking_forms import CancelForm


@dataclass(frozen=True)
class OtherDate:
    """Another date the family booked in the same deed. `look` picks the colour of how it stands."""

    href: str
    when: str
    look: str
    says: str


@dataclass(frozen=True)
class MyCourse:
    """The course of a booking: which date it is, and the others that are booked with it."""

    title: str
    slug: str
    number: int
    of: int
    others: tuple[OtherDate, ...]
    to_cancel: tuple[str, ...]


def my_course(booking: Booking) -> MyCourse | None:
    """Return the course of a booking; None for a session on its own."""
    series, place = series_of(booking.event), number_in_course(booking.event)
    if series is None or place is None:
        return None
    number, of = place
    together, now = booked_together(booking), clock.now()
    return MyCourse(
        title=series.title,
        slug=series.slug,
        number=number,
        of=of,
        others=tuple(_other(each) for each in together if each.id != booking.id),
        to_cancel=tuple(
            words_for.when(each.event.starts_at, each.event.ends_at)
            for each in together
            if each.status in LIVE and each.event.starts_at > now
        ),
    )


@public.context_processor
def _for_templates() -> dict[str, Callable[[Booking], MyCourse | None]]:
    return {"my_course": my_course}


@public.route("/bookings/<token>/cancel-course", methods=["GET", "POST"])
@limit_guesses
def cancel_my_course(token: str) -> ResponseReturnValue:
    """Ask on GET; cancel every date to come on POST."""
    booking = booking_of(token)
    form = CancelForm.of(has_moved=False)
    if form.validate_on_submit():
        with transaction():
            cancel_course(booking.id, reason=form.why)
        return back_to_booking(token, said=_("All your dates of this course are cancelled."))
    page = render_template(
        "public/my_course_cancel.html",
        form=form,
        token=token,
        booking=booking,
        course=my_course(booking),
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200


def _other(booking: Booking) -> OtherDate:
    event = booking.event
    is_over = event.ends_at <= clock.now() and not event.new_date_pending and booking.status in LIVE
    return OtherDate(
        href=url_for("public.my_booking", token=booking_token(booking)),
        when=words_for.when(event.starts_at, event.ends_at),
        look="past" if is_over else booking.status.value,
        says=_("This date is over") if is_over else _says(booking),
    )


def _says(booking: Booking) -> str:
    if booking.status == BookingStatus.CANCELLED:
        return _("Cancelled")
    if booking.event.new_date_pending:
        return _("Put off – the new date is not known yet")
    return words_for.wording(booking.status)
