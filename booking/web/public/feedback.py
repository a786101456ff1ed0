"""Say how a session was: by the link that families have, or by the code that hangs in the room."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound, Refusal
from booking.extensions import limiter, transaction
from booking.formats import feedback_words
from booking.models import Event
from booking.queries.bookings import find_session
from booking.queries.feedback import find_feedback_by_token, takes_feedback_now
from booking.rules.feedback import FIRST, MORE, THEN, NothingSaid
from booking.rules.words import FeedbackOrigin
from booking.services.keep_feedback import answer_by_link, answer_openly
from booking.web.public.blueprint import public
from booking.web.public.draft_pages import slow_down
from booking.web.public.feedback_forms import FeedbackForm
from booking.web.public.my_booking import limit_guesses
from booking.web.shared.languages import this_address

A_ROOM_FULL = "240 per hour"
"""A whole room may send from one address."""


class FeedbackLinkUnknown(NotFound):
    """The link is old, cut short, or led to a booking that is not held any more."""


@public.route("/feedback/<token>", methods=["GET", "POST"])
@limit_guesses
def feedback(token: str) -> ResponseReturnValue:
    """Ask the family of a link."""
    g.is_personal = True
    row = find_feedback_by_token(token)
    if row is None:
        raise FeedbackLinkUnknown(_("This feedback link does not work"))
    event, slug = row.event, row.event.slug
    if not takes_feedback_now(event):
        return _shut(event)
    form = FeedbackForm.of(row)
    if form.validate_on_submit():
        try:
            with transaction():
                was_answered = answer_by_link(token, form.answers)
        except NotFound as gone:
            raise FeedbackLinkUnknown(gone.sentence) from gone
        except Refusal as refusal:
            return _refused(slug, form, refusal, is_link=True)
        return _thank(slug, was_answered=was_answered)
    return _show(event, form, is_link=True, was_answered=row.answered_at is not None)


@public.route("/sessions/<slug>/feedback", methods=["GET", "POST"])
@limiter.limit(A_ROOM_FULL, methods=["POST"], on_breach=slow_down)
def session_feedback(slug: str) -> ResponseReturnValue:
    """Ask anybody who was there."""
    g.is_personal = True
    event = _session(slug)
    if not takes_feedback_now(event):
        return _shut(event)
    form = FeedbackForm.of()
    if form.validate_on_submit():
        try:
            with transaction():
                once = form.once.data or ""
                was_answered = answer_openly(event.id, form.answers, origin=FeedbackOrigin.QR, once=once)
        except Refusal as refusal:
            return _refused(slug, form, refusal)
        return _thank(slug, was_answered=was_answered)
    return _show(event, form)


@public.get("/sessions/<slug>/feedback/thanks")
def feedback_thanks(slug: str) -> ResponseReturnValue:
    """Say thank you, and what happens with it."""
    return render_template("public/feedback_thanks.html", event=_session(slug))


@public.errorhandler(FeedbackLinkUnknown)
def _unknown(_error: FeedbackLinkUnknown) -> ResponseReturnValue:
    return render_template("public/feedback_unknown.html"), 404


def _session(slug: str) -> Event:
    event = find_session(slug)
    if event is None:
        raise NotFound(_("We cannot find that session. The link may be old or cut short."))
    return event


def _thank(slug: str, *, was_answered: bool) -> ResponseReturnValue:
    if was_answered:
        flash(_("You had answered before. We have changed your answers."))
    return redirect(url_for("public.feedback_thanks", slug=slug), 303)


def _refused(slug: str, form: FeedbackForm, refusal: Refusal, *, is_link: bool = False) -> ResponseReturnValue:
    """Show the form with what was wrong, or that the session takes no answers any more."""
    event = _session(slug)
    if not isinstance(refusal, NothingSaid):
        return _shut(event)
    form.refuse(next(iter(FIRST)), refusal.sentence)
    return _show(event, form, is_link=is_link, status=refusal.status)


def _shut(event: Event) -> ResponseReturnValue:
    refusal = feedback_words.why_shut(event)
    return render_template("public/feedback_shut.html", event=event, sentence=refusal.sentence), 409


def _show(
    event: Event, form: FeedbackForm, *, is_link: bool = False, was_answered: bool = False, status: int = 0
) -> ResponseReturnValue:
    page = render_template(
        "public/feedback.html",
        event=event,
        form=form,
        action=this_address(),
        first=[form[name] for name in FIRST],
        then=[form[name] for name in THEN if name in form],
        more=[form[name] for name in MORE],
        is_link=is_link,
        was_answered=was_answered,
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)
