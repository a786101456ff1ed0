"""The family's own page: see, change, cancel, take an offer, download the calendar file. GET changes nothing."""

from __future__ import annotations

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import Conflict, NotFound, Refusal, SessionFull
from booking.extensions import db, limiter, transaction
from booking.formats import refusals, words_for
from booking.formats.ical import calendar_file, entry_title
from booking.formats.on_paper import how_told, on_paper
from booking.formats.plain_blocks import plain_blocks
from booking.formats.shared_file import size_words
from booking.formats.tokens import booking_token, feedback_token
from booking.models import Booking
from booking.queries.bookings import find_booking_by_token, has_moved, other_sessions, waiting_position
from booking.queries.extensions import extension_of
from booking.queries.family_calendar import may_follow
from booking.queries.feedback import asks_before_now, feedback_of, takes_feedback_now
from booking.queries.heard import files_with, heard_for
from booking.queries.need_outcomes import needs_to_judge
from booking.queries.remembered import remembered_for
from booking.queries.seen_changes import awaits_a_look
from booking.rules.waitlist import is_staff_to_ring
from booking.rules.words import HOLDS_PLACES, PARTICIPANTS, BookingStatus, CancelledBy, EventStatus, Outcome
from booking.services.cancel_booking import cancel_booking
from booking.services.change_booking import change_adults
from booking.services.move_waitlist import accept_offer, pass_offer
from booking.web.public.blueprint import public
from booking.web.public.my_booking_forms import AdultsForm, CancelForm
from booking.web.shared.settings import locality, settings


class LinkUnknown(NotFound):
    """No booking has this link (any more)."""


class BelongsToAnother(Exception):
    """The link is of places that are waited for; their page is the main booking's."""

    def __init__(self, booking_id: int) -> None:
        self.booking_id = booking_id


def _was_a_guess(response: Response) -> bool:
    return response.status_code == 404


limit_guesses = limiter.shared_limit("60 per 10 minutes", scope="booking links", deduct_when=_was_a_guess)


@public.get("/bookings/<token>")
@limit_guesses
def my_booking(token: str) -> ResponseReturnValue:
    """Show the booking as it stands; right after booking this is the done page."""
    return show_booking(booking_of(token), token, AdultsForm())


@public.get("/bookings/<token>/print")
@limit_guesses
def print_my_booking(token: str) -> ResponseReturnValue:
    """Show the same in large print, for paper."""
    booking = booking_of(token)
    return render_template("public/my_booking_print.html", token=token, **_about(booking), **on_paper(booking))


@public.get("/bookings/<token>/calendar.ics")
@limit_guesses
def my_calendar_file(token: str) -> ResponseReturnValue:
    """Give the calendar file of a place; there is none without a place, nor while the session has no date."""
    booking = booking_of(token)
    if booking.status != BookingStatus.CONFIRMED or booking.event.new_date_pending:
        raise LinkUnknown(_("There is no calendar file."))
    response = make_response(calendar_file(booking))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="booking.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@public.post("/bookings/<token>/adults")
@limit_guesses
def change_my_adults(token: str) -> ResponseReturnValue:
    """Change how many adults come."""
    booking = booking_of(token)
    form = AdultsForm()
    if not form.validate_on_submit():
        return show_booking(booking, token, form)
    assert form.adults.data is not None
    try:
        with transaction():
            change_adults(booking.id, adults=form.adults.data, names=form.names)
    except Refusal as refusal:
        form.refuse("adults", refusal.sentence)
        booking = booking_of(token)
        may_wait = isinstance(refusal, SessionFull) and booking.status == BookingStatus.CONFIRMED
        return show_booking(booking, token, form, status=refusal.status, may_wait=may_wait)
    return back_to_booking(token, said=_("Saved: %(adults)s.", adults=words_for.adults(form.adults.data)))


@public.route("/bookings/<token>/cancel", methods=["GET", "POST"])
@limit_guesses
def cancel_my_booking(token: str) -> ResponseReturnValue:
    """Ask on GET; cancel on POST."""
    booking = booking_of(token)
    form = CancelForm.of(has_moved=has_moved(booking))
    if form.validate_on_submit():
        with transaction():
            cancel_booking(booking.id, by=CancelledBy.FAMILY, reason=form.why)
        return back_to_booking(token)
    page = render_template(
        "public/my_booking_cancel.html", form=form, token=token, has_errors=bool(form.errors), **_about(booking)
    )
    return page, 422 if form.errors else 200


@public.post("/bookings/<token>/accept")
@limit_guesses
def accept_my_offer(token: str) -> ResponseReturnValue:
    """Take the place that was offered."""
    booking = booking_of(token)
    with transaction():
        accept_offer(booking.id)
    return back_to_booking(token)


@public.post("/bookings/<token>/pass")
@limit_guesses
def pass_my_offer(token: str) -> ResponseReturnValue:
    """Let the offer go to the next family and keep the place in the list."""
    booking = booking_of(token)
    with transaction():
        pass_offer(booking.id)
    return back_to_booking(token, said=_("Thanks for telling us. You keep your place on the list."))


def booking_of(token: str) -> Booking:
    """Return the booking of a link. Raise LinkUnknown, the same for every link that opens nothing.

    The link of what a family waits for besides leads to the page of the booking it belongs to.
    """
    g.is_personal = True
    booking = find_booking_by_token(token)
    if booking is None:
        raise LinkUnknown(_("This link does not open a booking."))
    if booking.extends_id is not None:
        raise BelongsToAnother(booking.extends_id)
    return booking


def show_booking(
    booking: Booking, token: str, form: AdultsForm, *, status: int | None = None, may_wait: bool = False
) -> ResponseReturnValue:
    """Show the family's page; `may_wait` offers the waiting list for the adults there is no room for."""
    about = _about(booking, form)
    page = render_template(
        "public/my_booking.html",
        token=token,
        form=form,
        may_wait=may_wait,
        awaits_a_look=awaits_a_look(booking),
        **_heard(booking),
        has_errors=bool(form.errors),
        **about,
        **_changes(booking),
        **_say_how(booking),
    )
    return page, status or (422 if form.errors else 200)


def refuse_if_settled(booking: Booking) -> None:
    """Raise Conflict when there is nothing left to change: the booking is cancelled, or its session has begun."""
    if booking.status == BookingStatus.CANCELLED:
        raise refusals.no_longer_booked()
    if booking.event.starts_at <= clock.now():
        raise refusals.already_begun()


def back_to_booking(token: str, *, said: str = "") -> ResponseReturnValue:
    """Go back to the booking after something was done, and say what, where the page itself does not show it."""
    if said:
        flash(said)
    return redirect(url_for("public.my_booking", token=token), 303)


@public.errorhandler(LinkUnknown)
def _link_unknown(_error: LinkUnknown) -> ResponseReturnValue:
    return render_template("public/my_booking_unknown.html"), 404


@public.errorhandler(BelongsToAnother)
def _belongs_to_another(error: BelongsToAnother) -> ResponseReturnValue:
    main = db.session.get_one(Booking, error.booking_id)
    return redirect(url_for("public.my_booking", token=booking_token(main)), 303)


@public.errorhandler(Conflict)
def _conflict(error: Conflict) -> ResponseReturnValue:
    """Say what has changed meanwhile, and lead back to the booking as it stands now."""
    token = (request.view_args or {}).get("token")
    if token is None:
        raise error
    return render_template("public/my_booking_conflict.html", sentence=error.sentence, token=token), error.status


def _about(booking: Booking, form: AdultsForm | None = None) -> dict[str, object]:
    """What the pages of a booking show."""
    now, event = clock.now(), booking.event
    has_ended = event.ends_at <= now and not event.new_date_pending and booking.status != BookingStatus.CANCELLED
    coming = sum(place.kind in PARTICIPANTS for place in booking.places)
    if form is not None and not form.is_submitted():
        form.adults.data = coming
    return {
        "booking": booking,
        "how_told": how_told(booking),
        "title": _title(booking, has_ended=has_ended),
        "event": event,
        "times": booking,
        "has_place": booking.status in HOLDS_PLACES,
        "is_over": event.starts_at <= now,
        "has_ended": has_ended,
        "position": waiting_position(booking),
        "staff_ring": is_staff_to_ring(now, starts_at=event.starts_at),
        "coming": coming,
        "sender": settings().mail_sender,
        "details": list(dict.fromkeys(need.detail for need in booking.needs if need.detail)),
        "may_judge": bool(needs_to_judge(booking)),
        "needs": [(need, _(locality().get_need(need.code).label)) for need in booking.needs],
    }


def _changes(booking: Booking) -> dict[str, object]:
    """What the folded part of the page shows: what else is waited for, and what is remembered."""
    extension = extension_of(booking)
    return {
        "extension": extension,
        "others": other_sessions(booking.event) if _is_off(booking) else [],
        "may_follow": may_follow(booking),
        "more_position": waiting_position(extension) if extension else None,
        "remembered": [(_(locality().get_need(need.code).label), need.detail) for need in remembered_for(booking)],
        "discreet_title": entry_title(booking.event, is_discreet=True),
        "plain_title": entry_title(booking.event, is_discreet=False),
    }


def _heard(booking: Booking) -> dict[str, object]:
    """What staff heard at the session, for a family that came."""
    note = heard_for(booking)
    if note is None:
        return {"heard": None}
    return {
        "heard": note,
        "heard_blocks": plain_blocks(note.text or ""),
        "heard_files": files_with(booking.event_id),
        "size_words": size_words,
    }


def _say_how(booking: Booking) -> dict[str, object]:
    """Lead to two questions before the session, or after it to how it was, once the register says that they came."""
    said = feedback_of(booking)
    came = any(place.outcome == Outcome.ATTENDED for place in booking.places)
    is_asked = said is not None and said.link_digest is not None and came and takes_feedback_now(booking.event)
    return {
        "asks_before": asks_before_now(booking),
        "said_before": said is not None,
        "how_link": url_for("public.feedback", token=feedback_token(booking)) if is_asked else "",
    }


def _title(booking: Booking, *, has_ended: bool) -> str:
    if booking.status == BookingStatus.CANCELLED:
        return _("This session is cancelled") if _is_off(booking) else _("Your booking is cancelled")
    if has_ended:
        return _("This session is over")
    return words_for.wording(booking.status)


def _is_off(booking: Booking) -> bool:
    """Tell whether the whole session is cancelled, and not this booking alone."""
    return booking.cancelled_by == CancelledBy.US and booking.event.status == EventStatus.CANCELLED
