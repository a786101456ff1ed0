"""How a session was: what families said, counted; their words for who may read them; and cards that came on paper."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats import feedback_words
from booking.queries.feedback import summary_of, takes_feedback_now, words_about
from booking.queries.staff_sessions import get_session
from booking.rules.feedback import AFTER, FIRST, PAIRS, TOO_FEW, NothingSaid
from booking.rules.permissions import Action
from booking.services.keep_feedback import type_in_card
from booking.services.record_audit import record_view
from booking.web.shared.access import may_now
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.feedback_card_form import CardForm


@staff.get("/sessions/<int:event_id>/feedback")
def session_feedback(event_id: int) -> ResponseReturnValue:
    """Count the answers; what was written is for those who may read it, and the look is kept."""
    get_session(event_id)
    reads_words = may_now(Action.READ_FEEDBACK, event_id)
    if reads_words:
        with transaction():
            # Not whose words they are: an entry outlives the link between words and booking.
            record_view(screen="staff.session_feedback", subject_type="event", subject_id=event_id)
    event = get_session(event_id)
    asked = feedback_words.asked(AFTER, area=locality().name)
    return render_template(
        "staff/session_feedback.html",
        event=event,
        found=summary_of(event_id),
        asked=asked,
        pairs={after: asked[after] for after in PAIRS.values()},
        too_few=TOO_FEW,
        reads_words=reads_words,
        written=words_about(event_id) if reads_words else [],
        is_open=takes_feedback_now(event),
    )


@staff.route("/sessions/<int:event_id>/feedback/card", methods=["GET", "POST"])
def key_feedback(event_id: int) -> ResponseReturnValue:
    """Type in one paper card, then the next."""
    event = get_session(event_id)
    form, status = CardForm.of(), 0
    if not takes_feedback_now(event):
        return _show(event_id, form, shut=feedback_words.why_shut(event).sentence)
    if form.validate_on_submit():
        try:
            with transaction():
                again = type_in_card(event_id, form.answers, once=form.once.data or "")
        except NothingSaid:
            form.refuse(next(iter(FIRST)), _("This card is empty. Choose one answer at least, or leave it out."))
            status = 422
        except Refusal as refusal:
            return _show(event_id, form, shut=refusal.sentence, status=refusal.status)
        else:
            flash(_("This card was in already. It is changed.") if again else _("Saved. Here is the next one."))
            return redirect(url_for("staff.key_feedback", event_id=event_id), 303)
    return _show(event_id, form, status=status)


def _show(event_id: int, form: CardForm, *, shut: str = "", status: int = 0) -> ResponseReturnValue:
    page = render_template(
        "staff/feedback_card.html",
        event=get_session(event_id),
        form=form,
        questions=[form[name] for name in FIRST],
        shut=shut,
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)
